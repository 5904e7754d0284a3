"""And for what was written before, where it stands by them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("delivery", "0011_choices_are_known")]
    operations = [
        validation("delivery_attempt", ["attempt_outcome_is_known"]),
        validation("delivery_delivery", ["delivery_origin_kind_is_known", "delivery_state_is_known"]),
        validation("delivery_hold", ["hold_scope_is_known", "hold_cause_is_known"]),
    ]
