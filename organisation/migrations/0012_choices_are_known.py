"""Choices are held by the database too, for what is written from now on: no row is read under a lock."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


# A role that there is no more gave no right: such a grant is over.
MEND = """
UPDATE organisation_grant SET revoked_at = now() WHERE revoked_at IS NULL AND role NOT IN ('newcomer', 'communication_cell', 'conversation_manager', 'committee_member', 'committee_chair', 'account_manager', 'spokesperson', 'crisis_cell', 'auditor', 'administrator')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0011_suspended_from'),
    ]

    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        AddConstraintNotValid(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['newcomer', 'communication_cell', 'conversation_manager', 'committee_member', 'committee_chair', 'account_manager', 'spokesperson', 'crisis_cell', 'auditor', 'administrator']), ('revoked_at__isnull', False), _connector='OR'), name='grant_role_is_known'),
        ),
    ]
