from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_words_indexed")]

    operations = [
        migrations.AlterField(
            model_name="conversation",
            name="author_id",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
