from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # whoever sends goes on meanwhile

    dependencies = [
        ("delivery", "0004_lacks"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("lacks", []), _negated=True), fields=["unit"], name="delivery_incomplete"
            ),
        ),
    ]
