"""An account closes by an exit plan before it is archived.

The table of accounts is small: what it holds is looked at here. The program before goes on writing meanwhile.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from organisation.choices import validation


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0037_security_records'),
        ('organisation', '0034_more_roles_as_they_stand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExitStepDone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('followers', 'Tell its followers where to go'), ('last_post', 'Publish its last message, or see that there is none'), ('archive', 'Keep what it said in the archive'), ('access', 'Take back every access: people, apps, recovery'), ('page', 'Close its page on the network')], max_length=20, verbose_name='step')),
                ('note', models.CharField(blank=True, default='', max_length=500, verbose_name='note')),
                ('done_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='when')),
            ],
            options={
                'verbose_name': 'step of an exit plan',
                'verbose_name_plural': 'steps of exit plans',
            },
        ),
        migrations.RemoveConstraint(
            model_name='account',
            name='account_state_is_known',
        ),
        migrations.AddField(
            model_name='account',
            name='lets_out',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='exitplan',
            name='links',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='what happens to links that lead to it'),
        ),
        migrations.AddField(
            model_name='exitplan',
            name='request',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts_registry.justificationdossier'),
        ),
        migrations.AddField(
            model_name='exitplan',
            name='successor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='accounts_registry.account', verbose_name='goes on as'),
        ),
        migrations.AlterField(
            model_name='account',
            name='state',
            field=models.CharField(choices=[('planned', 'Planned'), ('active', 'Active'), ('suspended', 'Suspended'), ('closing', 'Closing'), ('archived', 'Closed and archived')], default='planned', max_length=20, verbose_name='state'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'active', 'suspended', 'closing', 'archived'])), name='account_state_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'closing'), ('lets_out', False), _connector='OR'), name='account_lets_out_while_closing'),
        ),
        migrations.AddConstraint(
            model_name='exitplan',
            constraint=models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('account')), _negated=True), _connector='OR'), name='exit_plan_leads_elsewhere'),
        ),
        migrations.AddField(
            model_name='exitstepdone',
            name='done_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by'),
        ),
        migrations.AddField(
            model_name='exitstepdone',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='done', to='accounts_registry.exitplan'),
        ),
        migrations.AddConstraint(
            model_name='exitstepdone',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['followers', 'last_post', 'archive', 'access', 'page'])), name='exitstepdone_step_is_known'),
        ),
        migrations.AddConstraint(
            model_name='exitstepdone',
            constraint=models.UniqueConstraint(fields=('plan', 'step'), name='exit_step_once'),
        ),
        validation("accounts_registry_account", ["account_state_is_known", "account_lets_out_while_closing"]),
    ]
