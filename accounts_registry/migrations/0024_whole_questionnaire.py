"""The whole questionnaire, and what each submission said.

Dossiers that are there stay as they are: the further answers are asked for when something is submitted from now on.
The columns have a default of the database, so that no row is rewritten and the running version may still write.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import accounts_registry.questionnaire.answers


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_registry", "0017_lookup_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="justificationdossier",
            name="answers",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                validators=[accounts_registry.questionnaire.answers.valid_answers],
                verbose_name="answers",
            ),
        ),
        migrations.AddField(
            model_name="justificationdossier",
            name="request_type",
            field=models.CharField(
                choices=[
                    ("new", "Open a new account"),
                    ("regularise_unregistered", "Regularise an account that stands in no registry"),
                ],
                db_default="new",
                default="new",
                max_length=30,
                verbose_name="what is asked for",
            ),
        ),
        AddConstraintNotValid(
            model_name="justificationdossier",
            constraint=models.CheckConstraint(
                condition=models.Q(("request_type__in", ["new", "regularise_unregistered"])),
                name="justificationdossier_request_type_is_known",
            ),
        ),
        migrations.CreateModel(
            name="DossierVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField()),
                (
                    "submitted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="submitted"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="accounts_registry.justificationdossier",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "submitted version",
                "verbose_name_plural": "submitted versions",
                "ordering": ["round"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "round"), name="one_version_a_round"),
                ],
            },
        ),
    ]
