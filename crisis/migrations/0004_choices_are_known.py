"""Choices are held by the database too, for what is written from now on: no row is read under a lock."""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crisis', '0003_declared_from_as_known'),
        ('delivery', '0011_choices_are_known'),
        ('organisation', '0012_choices_are_known'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='checklistitem',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['before', 'during', 'after'])), name='checklistitem_phase_is_known'),
        ),
        AddConstraintNotValid(
            model_name='crisis',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['local', 'provincial', 'federal'])), name='crisis_level_is_known'),
        ),
        AddConstraintNotValid(
            model_name='crisis',
            constraint=models.CheckConstraint(condition=models.Q(('severity__in', [0, 1, 2, 3])), name='crisis_severity_is_known'),
        ),
        AddConstraintNotValid(
            model_name='crisis',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['declared', 'ended'])), name='crisis_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='crisisstep',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['before', 'during', 'after'])), name='crisisstep_phase_is_known'),
        ),
    ]
