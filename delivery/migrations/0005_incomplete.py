from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # whoever sends goes on meanwhile

    dependencies = [
        ("delivery", "0004_lacks"),
    ]

    operations = [
        # A run that was cut off leaves a broken index behind, which the next one would stumble over.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS delivery_incomplete", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("lacks", []), _negated=True), fields=["unit"], name="delivery_incomplete"
            ),
        ),
    ]
