"""Roles and permissions that came, in what the database knows of them."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0001_initial'),
        ('organisation', '0033_more_roles'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='step',
            name='step_role_is_known',
        ),
        AddConstraintNotValid(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['', 'newcomer', 'communication_cell', 'conversation_manager', 'committee_member', 'committee_chair', 'ict_security', 'account_manager', 'spokesperson', 'crisis_cell', 'community_manager', 'auditor', 'data_protection_officer', 'administrator'])), name='step_role_is_known'),
        ),
    ]
