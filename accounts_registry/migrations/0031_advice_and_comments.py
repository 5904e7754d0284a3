"""Advice of ICT/security, and comments. What is before the committee already was never asked for an advice: it needs none."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0026_conditions_and_appeal'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='justificationdossier',
            name='advice_asked_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='advice asked for'),
        ),
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('opinion', models.CharField(choices=[('favourable', 'Favourable'), ('with_points', 'Favourable with points to settle'), ('unfavourable', 'Unfavourable')], max_length=20, verbose_name='advice')),
                ('reasons', models.TextField(verbose_name='reasons')),
                ('points', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500), blank=True, default=list, size=None, verbose_name='points to settle')),
                ('given_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='when')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advices', to='accounts_registry.justificationdossier')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='adviser')),
            ],
            options={
                'verbose_name': 'advice of ICT and security',
                'verbose_name_plural': 'advice of ICT and security',
                'ordering': ['round'],
                'constraints': [models.CheckConstraint(condition=models.Q(('opinion__in', ['favourable', 'with_points', 'unfavourable'])), name='advice_opinion_is_known'), models.UniqueConstraint(fields=('dossier', 'round'), name='one_advice_a_round'), models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='advice_gives_reasons'), models.CheckConstraint(condition=models.Q(models.Q(('opinion', 'with_points'), _negated=True), models.Q(('points', []), _negated=True), _connector='OR'), name='advice_names_its_points'), models.CheckConstraint(condition=models.Q(models.Q(('opinion', 'favourable'), _negated=True), ('points', []), _connector='OR'), name='advice_without_points')],
            },
        ),
        migrations.CreateModel(
            name='DossierComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(blank=True, default='', max_length=40, verbose_name='about')),
                ('text', models.TextField(blank=True, verbose_name='comment')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='when')),
                ('state', models.CharField(choices=[('open', 'Open'), ('resolved', 'Settled'), ('withdrawn', 'Withdrawn')], default='open', max_length=20, verbose_name='state')),
                ('settled_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='accounts_registry.justificationdossier')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'comment on a dossier',
                'verbose_name_plural': 'comments on dossiers',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['dossier', '-id'], name='comment_by_dossier')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'resolved', 'withdrawn'])), name='dossiercomment_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('text', '')), models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='comment_says_something_or_is_withdrawn'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='comment_settled_by_somebody')],
            },
        ),
    ]
