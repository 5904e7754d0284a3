from typing import Any

from django.db import migrations, models


def as_sentences(apps: Any, schema_editor: Any) -> None:
    """What was told in English stays as it is; the next try tells anew."""
    for row in apps.get_model("organisation", "CheckpointPlace").objects.exclude(failure=""):
        row.reasons = [{"source": row.failure, "facts": {}}]
        row.save(update_fields=["reasons"])


class Migration(migrations.Migration):
    dependencies = [("organisation", "0014_recovery")]

    operations = [
        migrations.AddField("checkpointplace", "reasons", models.JSONField(blank=True, default=list)),
        migrations.RunPython(as_sentences, migrations.RunPython.noop),
        migrations.RemoveField("checkpointplace", "failure"),
    ]
