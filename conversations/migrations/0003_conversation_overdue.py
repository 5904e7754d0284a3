from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("conversations", "0002_conversation_by_state")]

    operations = [
        AddIndexConcurrently(
            "conversation",
            models.Index(
                condition=models.Q(("state__in", ("new", "assigned"))),
                fields=["unit", "deadline"],
                name="conversation_overdue",
            ),
        ),
        # An index of all units' deadlines tempts the planner to walk through everybody's for one unit.
        RemoveIndexConcurrently("conversation", "conversation_due"),
    ]
