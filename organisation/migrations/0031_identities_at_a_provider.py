import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("organisation", "0030_sessions_are_seen")]

    operations = [
        migrations.CreateModel(
            name="ProviderIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.CharField(max_length=255)),
                ("subject", models.CharField(max_length=255)),
                ("linked_at", models.DateTimeField(db_default=Now())),
                ("last_used", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "identity at a provider",
                "verbose_name_plural": "identities at a provider",
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject"), name="one_person_per_identity"),
                    models.UniqueConstraint(fields=("issuer", "person"), name="one_identity_per_issuer"),
                ],
            },
        ),
    ]
