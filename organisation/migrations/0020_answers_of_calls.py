from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0019_closures")]

    operations = [
        migrations.AddField("formpage", "answer", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField(
            "formpage",
            "asked",
            models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
