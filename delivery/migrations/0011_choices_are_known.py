"""Choices are held by the database too, for what is written from now on: no row is read under a lock."""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0012_choices_are_known'),
        ('delivery', '0010_placed_from_as_known'),
        ('organisation', '0012_choices_are_known'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'published', 'held', 'later', 'refused', 'unknown', 'late'])), name='attempt_outcome_is_known'),
        ),
        AddConstraintNotValid(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('origin_kind__in', ['post_variant', 'answer'])), name='delivery_origin_kind_is_known'),
        ),
        AddConstraintNotValid(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['due', 'sending', 'published', 'unknown', 'failed', 'expired', 'cancelled'])), name='delivery_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['organisation', 'unit', 'account'])), name='hold_scope_is_known'),
        ),
        AddConstraintNotValid(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['person', 'new_system', 'restored', 'lost', 'unwitnessed', 'away'])), name='hold_cause_is_known'),
        ),
    ]
