from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    """Looks at the rows without keeping anybody from writing."""

    atomic = False

    dependencies = [("notices", "0007_more_rights")]

    operations = [
        validation("notices_notice", ["notice_sees_is_known"]),
    ]
