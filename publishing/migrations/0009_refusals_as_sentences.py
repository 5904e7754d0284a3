from typing import Any

from django.db import migrations, models


def as_sentences(apps: Any, schema_editor: Any) -> None:
    """What was said in one language stays in it; such a row is kept for thirty days at most."""
    for row in apps.get_model("publishing", "Upload").objects.exclude(reason=""):
        row.reasons = [{"source": row.reason, "facts": {}}]
        row.save(update_fields=["reasons"])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0008_uploads")]

    operations = [
        migrations.AddField("upload", "reasons", models.JSONField(blank=True, default=list)),
        migrations.RunPython(as_sentences, migrations.RunPython.noop),
        migrations.RemoveConstraint("upload", "upload_spoken_is_known"),
        migrations.RemoveField("upload", "reason"),
        migrations.RemoveField("upload", "spoken"),
    ]
