from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Not validated: an answer that has lost its parent already stays as it is until its claim voids it, and no row is read
    under a lock."""

    dependencies = [("delivery", "0006_message_unit")]
    operations = [
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin_kind", "answer"), ("state__in", ("due", "sending")), _negated=True)
                | models.Q(("content__reply_to__id__isnull", False)),
                name="answer_knows_what_it_answers",
            ),
        )
    ]
