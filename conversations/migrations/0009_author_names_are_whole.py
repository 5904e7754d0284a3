from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0008_recounts")]

    operations = [
        migrations.AlterField(
            model_name="conversation",
            name="author_id",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
