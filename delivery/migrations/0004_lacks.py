from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0003_costs"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="lacks",
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
