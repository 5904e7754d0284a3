from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0016_claims")]

    operations = [
        migrations.AddField("delivery", "likeness", models.CharField(blank=True, db_default="", default="", max_length=64))
    ]
