import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

import organisation.roles


class Migration(migrations.Migration):
    dependencies = [("organisation", "0031_identities_at_a_provider")]

    operations = [
        migrations.CreateModel(
            name="GroupRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(max_length=255, verbose_name="group")),
                (
                    "role",
                    models.CharField(choices=organisation.roles.role_choices, max_length=40, verbose_name="role"),
                ),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("made_at", models.DateTimeField(db_default=Now())),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule for a group",
                "verbose_name_plural": "rules for groups",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("group", "role", "unit"),
                        name="one_open_group_rule",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="by_rule",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="organisation.grouprule",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="left_group",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
