from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FORWARD = "UPDATE delivery_delivery SET is_reply = true WHERE origin_kind = 'answer'"


class Migration(migrations.Migration):
    """All answers of before are replies. Not validated: one that has lost its parent already stays as it is until its claim
    voids it, and no row is read under a lock."""

    dependencies = [("delivery", "0013_replies")]
    operations = [
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_reply", True), ("state__in", ("due", "sending")), _negated=True)
                | models.Q(("content__reply_to__id__isnull", False)),
                name="reply_knows_its_parent",
            ),
        ),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin_kind__regex", "^[a-z][a-z_]{1,19}$")), name="delivery_origin_kind_is_a_key"
            ),
        ),
    ]
