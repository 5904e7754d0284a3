"""Conditions of an approval, and a second decision after an appeal.

The tables of dossiers and decisions are small: what they hold is looked at here, without a second migration. The
running version goes on writing: every new column has a default of the database.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from organisation.choices import validation

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("returned", "Returned for completion"),
    ("in_review", "With the committee"),
    ("deferred", "Put off"),
    ("approved", "Approved"),
    ("approved_with_conditions", "Approved with conditions"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
KNOWN_STATE = "justificationdossier_state_is_known"
ROUNDS = """
UPDATE accounts_registry_decision SET round = dossier.round
FROM accounts_registry_justificationdossier dossier WHERE dossier.id = dossier_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_registry", "0020_sightings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="justificationdossier",
            name="appeal",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="appeal"),
        ),
        migrations.AlterField(
            model_name="justificationdossier",
            name="state",
            field=models.CharField(choices=STATES, default="draft", max_length=30, verbose_name="state"),
        ),
        migrations.RemoveConstraint(model_name="justificationdossier", name=KNOWN_STATE),
        AddConstraintNotValid(
            model_name="justificationdossier",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [state for state, _label in STATES])), name=KNOWN_STATE
            ),
        ),
        validation("accounts_registry_justificationdossier", [KNOWN_STATE]),
        migrations.AddField(
            model_name="decision",
            name="round",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.RunSQL(ROUNDS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="decision",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="accounts_registry.justificationdossier",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("dossier", "round"), name="one_decision_a_round"),
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="condition")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("reported", "Reported as met"), ("met", "Met")],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("evidence", models.TextField(blank=True, default="", verbose_name="how it was met")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="accounts_registry.decision",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who answers for it",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "condition of the committee",
                "verbose_name_plural": "conditions of the committee",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_on"], name="condition_open_by_day"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "reported", "met"])),
                        name="condition_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("reported_by__isnull", False), models.Q(("evidence", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="condition_reported_by_somebody",
                    ),
                ],
            },
        ),
    ]
