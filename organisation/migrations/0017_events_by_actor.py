from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("organisation", "0016_governance_is_inherited")]

    operations = [
        AddIndexConcurrently("auditevent", models.Index(fields=["actor_id", "-sequence"], name="audit_by_actor"))
    ]
