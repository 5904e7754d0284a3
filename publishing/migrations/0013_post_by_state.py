from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("publishing", "0012_claims")]

    operations = [
        AddIndexConcurrently(
            "post", models.Index(fields=["unit", "state", "-changed_at", "-id"], name="post_by_state")
        ),
    ]
