from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Not asked of the leaves that are there: one that was slipped in is for the verifier to find, and stops nothing."""

    dependencies = [
        ("organisation", "0023_numbers_of_the_trail_alone"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="auditleaf",
            constraint=models.CheckConstraint(condition=models.Q(("position__gte", 0)), name="leaf_has_a_place"),
        ),
    ]
