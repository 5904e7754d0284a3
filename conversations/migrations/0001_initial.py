"""Conversations and answers get a room of their own: their tables move with every row, and nothing is written anew.

What ties a message to its conversation is a row of this room from now on.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

MOVE = """
ALTER TABLE monitoring_conversation RENAME TO conversations_conversation;
ALTER TABLE monitoring_answer RENAME TO conversations_answer;
UPDATE django_content_type SET app_label = 'conversations' WHERE app_label = 'monitoring' AND model IN ('conversation', 'answer');
"""
TIE = """
INSERT INTO conversations_inboundmessage (mention_id, conversation_id, sent_at)
SELECT id, conversation_id, sent_at FROM monitoring_mention;
"""
OPEN = models.Q(('state__in', ('new', 'assigned')))

NOUNS = [
    migrations.CreateModel(
        name='Conversation',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('root_id', models.CharField(max_length=300)),
            ('author_id', models.CharField(blank=True, max_length=200)),
            ('author_handle', models.CharField(blank=True, default='', max_length=200)),
            ('author_name', models.CharField(blank=True, default='', max_length=200)),
            ('language', models.CharField(blank=True, choices=[('fr', 'Français'), ('nl', 'Nederlands'), ('de', 'Deutsch'), ('en', 'English')], default='', max_length=2, verbose_name='language')),
            ('state', models.CharField(choices=[('new', 'New'), ('assigned', 'Assigned'), ('answered', 'Answered'), ('closed', 'Closed')], default='new', max_length=20, verbose_name='state')),
            ('category', models.CharField(blank=True, choices=[('emergency', 'Emergency'), ('threat', 'Threat or crime'), ('press', 'Press'), ('impersonation', 'Impersonation'), ('misinformation', 'Misinformation'), ('complaint', 'Complaint'), ('question', 'Question'), ('job', 'Job'), ('praise', 'Praise'), ('spam', 'Spam or troll')], default='', max_length=20, verbose_name='category')),
            ('clock_started_at', models.DateTimeField(verbose_name='written')),
            ('deadline', models.DateTimeField(null=True, verbose_name='answer before')),
            ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
            ('last_mention_at', models.DateTimeField(verbose_name='last message')),
            ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='received')),
            ('purged_at', models.DateTimeField(null=True)),
            ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='accounts_registry.account', verbose_name='account')),
            ('assigned_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
            ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='organisation.unit', verbose_name='unit')),
        ],
        options={
            'verbose_name': 'conversation',
            'verbose_name_plural': 'conversations',
            'ordering': ['-last_mention_at', '-pk'],
            'indexes': [
                models.Index(fields=['unit', '-last_mention_at', '-id'], name='conversation_inbox'),
                models.Index(condition=OPEN, fields=['unit', '-last_mention_at', '-id'], name='conversation_open'),
                models.Index(condition=OPEN, fields=['deadline'], name='conversation_due'),
                models.Index(condition=OPEN, fields=['assigned_to', 'deadline'], name='conversation_of_person'),
            ],
            'constraints': [
                models.CheckConstraint(condition=models.Q(('language__in', ['', 'fr', 'nl', 'de', 'en'])), name='conversation_language_is_known'),
                models.CheckConstraint(condition=models.Q(('state__in', ['new', 'assigned', 'answered', 'closed'])), name='conversation_state_is_known'),
                models.CheckConstraint(condition=models.Q(('category__in', ['', 'emergency', 'threat', 'press', 'impersonation', 'misinformation', 'complaint', 'question', 'job', 'praise', 'spam'])), name='conversation_category_is_known'),
                models.UniqueConstraint(condition=models.Q(('purged_at__isnull', True)), fields=('account', 'root_id', 'author_id'), name='one_conversation_a_citizen_and_thread'),
                models.CheckConstraint(condition=models.Q(models.Q(('state', 'assigned'), _negated=True), ('assigned_to__isnull', False), _connector='OR'), name='assigned_conversation_has_somebody'),
                models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='answered_conversation_says_when'),
            ],
        },
    ),
    migrations.CreateModel(
        name='Answer',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('text', models.TextField(verbose_name='answer')),
            ('language', models.CharField(choices=[('fr', 'Français'), ('nl', 'Nederlands'), ('de', 'Deutsch'), ('en', 'English')], max_length=2, verbose_name='language')),
            ('content_hash', models.CharField(max_length=64)),
            ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='written')),
            ('asked_at', models.DateTimeField()),
            ('due_at', models.DateTimeField(null=True)),
            ('published_at', models.DateTimeField(null=True, verbose_name='on the network since')),
            ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
            ('mention', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='monitoring.mention')),
            ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='conversations.conversation')),
        ],
        options={
            'verbose_name': 'answer',
            'verbose_name_plural': 'answers',
            'ordering': ['written_at', 'pk'],
            'constraints': [
                models.CheckConstraint(condition=models.Q(('language__in', ['fr', 'nl', 'de', 'en'])), name='answer_language_is_known'),
                models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='answer_has_a_text'),
                models.CheckConstraint(condition=models.Q(('content_hash', ''), _negated=True), name='answer_has_a_hash'),
            ],
        },
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('accounts_registry', '0014_app_owner'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('monitoring', '0007_choices_as_they_stand'),
        ('organisation', '0014_recovery'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL(MOVE)], state_operations=NOUNS),
        migrations.CreateModel(
            name='InboundMessage',
            fields=[
                ('mention', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='inbound', serialize=False, to='monitoring.mention')),
                ('sent_at', models.DateTimeField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inbound', to='conversations.conversation')),
            ],
            options={
                'ordering': ['sent_at', 'pk'],
                'indexes': [models.Index(fields=['conversation', 'sent_at'], name='inbound_thread')],
            },
        ),
        migrations.AddField(
            model_name='conversation',
            name='mentions',
            field=models.ManyToManyField(related_name='conversations', through='conversations.InboundMessage', to='monitoring.mention'),
        ),
        migrations.RunSQL(TIE),
    ]
