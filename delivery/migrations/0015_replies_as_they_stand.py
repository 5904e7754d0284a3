"""And for what was written before, where it stands by them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("delivery", "0014_replies_know_their_parent")]
    operations = [
        validation("delivery_delivery", ["reply_knows_its_parent", "delivery_origin_kind_is_a_key"]),
    ]
