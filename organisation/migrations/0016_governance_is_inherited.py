"""A unit is governed as the one above it unless it says otherwise. Until now the root alone decided: so it stays."""

from django.db import migrations, models

FORWARD = "UPDATE organisation_unit SET governance_model = '' WHERE depth > 1"
BACKWARD = """
UPDATE organisation_unit SET governance_model = root.governance_model FROM organisation_unit root
WHERE organisation_unit.governance_model = '' AND root.path = substr(organisation_unit.path, 1, 4)
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0015_failures_as_sentences")]
    operations = [
        migrations.RemoveConstraint(model_name="unit", name="unit_governance_is_known"),
        migrations.AlterField(
            model_name="unit",
            name="governance_model",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "As the unit above"),
                    ("centralised", "Centralised"),
                    ("hub_and_spoke", "Hub and spoke"),
                    ("autonomy", "Autonomy"),
                ],
                default="",
                max_length=20,
                verbose_name="governance model",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("governance_model__in", ["", "centralised", "hub_and_spoke", "autonomy"])),
                name="unit_governance_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("depth", 1), ("governance_model", ""), _negated=True),
                name="organisation_has_a_governance_model",
            ),
        ),
    ]
