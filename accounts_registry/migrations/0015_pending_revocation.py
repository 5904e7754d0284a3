"""A model's name in the code alone: table and column keep theirs, so that the program before this one still runs."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts_registry", "0014_app_owner")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("credential", "one_credential_a_name"),
                migrations.RenameModel("Farewell", "PendingRevocation"),
                migrations.AlterModelTable("pendingrevocation", "accounts_registry_farewell"),
                migrations.RenameField("credential", "farewell", "revocation"),
                migrations.AlterField(
                    "credential",
                    "revocation",
                    models.ForeignKey(
                        blank=True,
                        db_column="farewell_id",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to="accounts_registry.pendingrevocation",
                    ),
                ),
                migrations.AlterField(
                    "pendingrevocation",
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revocations",
                        to="accounts_registry.account",
                    ),
                ),
                migrations.AddConstraint(
                    "credential",
                    models.UniqueConstraint(
                        condition=models.Q(("revocation__isnull", True)),
                        fields=("account", "purpose", "name"),
                        name="one_credential_a_name",
                    ),
                ),
            ],
        ),
    ]
