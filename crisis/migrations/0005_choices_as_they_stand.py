"""And for what was written before, where it stands by them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("crisis", "0004_choices_are_known")]
    operations = [
        validation("crisis_checklistitem", ["checklistitem_phase_is_known"]),
        validation("crisis_crisis", ["crisis_level_is_known", "crisis_severity_is_known", "crisis_state_is_known"]),
        validation("crisis_crisisstep", ["crisisstep_phase_is_known"]),
    ]
