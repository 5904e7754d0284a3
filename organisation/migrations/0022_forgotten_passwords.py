from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("organisation", "0021_form_pages_by_place")]

    operations = [
        migrations.CreateModel(
            name="ForgottenPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("epoch", models.PositiveIntegerField(db_default=0, default=0)),
                ("email", models.EmailField(max_length=320, unique=True, verbose_name="e-mail address")),
                ("asked_at", models.DateTimeField(db_default=Now())),
                ("next_at", models.DateTimeField(db_default=Now())),
                ("failures", models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={"verbose_name": "forgotten password", "verbose_name_plural": "forgotten passwords"},
        ),
    ]
