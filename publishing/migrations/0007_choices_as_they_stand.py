"""And for what was written before, where it stands by them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("publishing", "0006_choices_are_known")]
    operations = [
        validation("publishing_approval", ["approval_void_reason_is_known"]),
        validation("publishing_captions", ["captions_language_is_known"]),
        validation("publishing_post", ["post_language_is_known", "post_state_is_known"]),
        validation("publishing_variant", ["variant_language_is_known"]),
    ]
