from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("organisation", "0020_answers_of_calls")]

    operations = [
        AddIndexConcurrently(
            "formpage",
            models.Index(fields=["place"], condition=models.Q(is_sent=False), name="form_page_place"),
        ),
    ]
