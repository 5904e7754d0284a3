"""Choices are held by the database too, for what is written from now on: no row is read under a lock."""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0012_choices_are_known'),
        ('organisation', '0012_choices_are_known'),
        ('publishing', '0005_approvals_know_the_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('void_reason__in', ['', 'edited', 'withdrawn', 'approver_left', 'moved'])), name='approval_void_reason_is_known'),
        ),
        AddConstraintNotValid(
            model_name='captions',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['fr', 'nl', 'de', 'en'])), name='captions_language_is_known'),
        ),
        AddConstraintNotValid(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['fr', 'nl', 'de', 'en'])), name='post_language_is_known'),
        ),
        AddConstraintNotValid(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'changes_requested', 'approved', 'scheduled', 'expired', 'rejected', 'withdrawn'])), name='post_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['fr', 'nl', 'de', 'en'])), name='variant_language_is_known'),
        ),
    ]
