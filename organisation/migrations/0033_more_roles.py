"""Roles and permissions that came, in what the database knows of them."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0032_group_roles_are_known'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_role_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='grouprule',
            name='group_rule_role_is_known',
        ),
        AddConstraintNotValid(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['newcomer', 'communication_cell', 'conversation_manager', 'committee_member', 'committee_chair', 'ict_security', 'account_manager', 'spokesperson', 'crisis_cell', 'community_manager', 'auditor', 'data_protection_officer', 'administrator']), ('revoked_at__isnull', False), _connector='OR'), name='grant_role_is_known'),
        ),
        AddConstraintNotValid(
            model_name='grouprule',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['newcomer', 'communication_cell', 'conversation_manager', 'committee_member', 'committee_chair', 'ict_security', 'account_manager', 'spokesperson', 'crisis_cell', 'community_manager', 'auditor', 'data_protection_officer', 'administrator']), ('ended_at__isnull', False), _connector='OR'), name='group_rule_role_is_known'),
        ),
    ]
