"""Choices are held by the database too, for what is written from now on: no row is read under a lock."""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0011_suspended_from'),
        ('organisation', '0012_choices_are_known'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='access',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['read', 'write', 'all'])), name='access_purpose_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['page', 'group', 'profile', 'channel', 'internal'])), name='account_kind_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('audiences__contained_by', ['citizens', 'businesses', 'civil_servants', 'jobseekers', 'students', 'private_workers', 'hr_professionals', 'press', 'partners', 'trainers', 'staff'])), name='account_audiences_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('languages__contained_by', ['fr', 'nl', 'de', 'en'])), name='account_languages_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'active', 'suspended', 'archived'])), name='account_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('connection_state__in', ['disconnected', 'half_connected', 'connected', 'broken'])), name='account_connection_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='credential',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['read', 'write', 'all'])), name='credential_purpose_is_known'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['approve', 'refuse'])), name='decision_outcome_is_known'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('account_kind__in', ['', 'page', 'group', 'profile', 'channel', 'internal'])), name='justificationdossier_account_kind_is_known'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('audiences__contained_by', ['citizens', 'businesses', 'civil_servants', 'jobseekers', 'students', 'private_workers', 'hr_professionals', 'press', 'partners', 'trainers', 'staff'])), name='justificationdossier_audiences_is_known'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('languages__contained_by', ['fr', 'nl', 'de', 'en'])), name='justificationdossier_languages_is_known'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'in_review', 'deferred', 'approved', 'refused', 'withdrawn'])), name='justificationdossier_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='pendingconsent',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['read', 'write', 'all'])), name='pendingconsent_purpose_is_known'),
        ),
        AddConstraintNotValid(
            model_name='spending',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['post', 'answer', 'reading'])), name='spending_what_is_known'),
        ),
        AddConstraintNotValid(
            model_name='vote',
            constraint=models.CheckConstraint(condition=models.Q(('choice__in', ['for', 'against', 'abstain'])), name='vote_choice_is_known'),
        ),
    ]
