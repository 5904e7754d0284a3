"""Choices are held by the database too, for what is written from now on: no row is read under a lock."""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


# What the reading code took for nothing becomes nothing.
MEND = """
UPDATE monitoring_conversation SET language = '' WHERE language NOT IN ('', 'fr', 'nl', 'de', 'en');
UPDATE monitoring_conversation SET category = '' WHERE category NOT IN ('', 'emergency', 'threat', 'press', 'impersonation', 'misinformation', 'complaint', 'question', 'job', 'praise', 'spam');
UPDATE monitoring_mention SET audience = '' WHERE audience NOT IN ('', 'public', 'unlisted', 'followers', 'direct');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0012_choices_are_known'),
        ('monitoring', '0005_message_unit'),
        ('organisation', '0012_choices_are_known'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        AddConstraintNotValid(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['fr', 'nl', 'de', 'en'])), name='answer_language_is_known'),
        ),
        AddConstraintNotValid(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['', 'fr', 'nl', 'de', 'en'])), name='conversation_language_is_known'),
        ),
        AddConstraintNotValid(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'assigned', 'answered', 'closed'])), name='conversation_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['', 'emergency', 'threat', 'press', 'impersonation', 'misinformation', 'complaint', 'question', 'job', 'praise', 'spam'])), name='conversation_category_is_known'),
        ),
        AddConstraintNotValid(
            model_name='mention',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mention', 'reply', 'quote', 'search_hit'])), name='mention_kind_is_known'),
        ),
        AddConstraintNotValid(
            model_name='mention',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['', 'public', 'unlisted', 'followers', 'direct'])), name='mention_audience_is_known'),
        ),
        AddConstraintNotValid(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('legal_basis__in', ['public_task', 'legal_obligation', 'vital_interests'])), name='source_legal_basis_is_known'),
        ),
        AddConstraintNotValid(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'paused', 'ended'])), name='source_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='stream',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['inbox', 'watch'])), name='stream_kind_is_known'),
        ),
        AddConstraintNotValid(
            model_name='watch',
            constraint=models.CheckConstraint(condition=models.Q(('legal_basis__in', ['public_task', 'legal_obligation', 'vital_interests'])), name='watch_legal_basis_is_known'),
        ),
        AddConstraintNotValid(
            model_name='watch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'active', 'ended'])), name='watch_state_is_known'),
        ),
    ]
