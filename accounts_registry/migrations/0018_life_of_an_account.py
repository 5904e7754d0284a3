"""An account may be changed, reviewed, handed over, and ends. No row is read under a lock; the program before goes on."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts_registry", "0025_request_types_as_they_stand"),
        ('organisation', '0024_leaves_have_a_place'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evaluation', models.TextField(verbose_name='what worked, and what did not')),
                ('figures', models.TextField(blank=True, default='', verbose_name='figures')),
                ('next_on', models.DateField(verbose_name='next review')),
                ('reviewed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='reviewed')),
            ],
            options={
                'verbose_name': 'account review',
                'verbose_name_plural': 'account reviews',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ExitPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('followers', models.TextField(verbose_name='what happens to its followers')),
                ('archive', models.TextField(verbose_name='where what it said is kept')),
                ('name', models.TextField(verbose_name='what happens to its name')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made')),
            ],
            options={
                'verbose_name': 'exit plan',
                'verbose_name_plural': 'exit plans',
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='taken over')),
            ],
            options={
                'verbose_name': 'handover',
                'verbose_name_plural': 'handovers',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='account',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='facts confirmed'),
        ),
        migrations.AddField(
            model_name='account',
            name='edition',
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name='account',
            name='ends_on',
            field=models.DateField(blank=True, null=True, verbose_name='last day'),
        ),
        migrations.AddField(
            model_name='account',
            name='maturity',
            field=models.CharField(choices=[('experimental', 'Experimental'), ('integrated', 'Integrated')], db_default='experimental', default='experimental', max_length=20, verbose_name='maturity'),
        ),
        migrations.AddField(
            model_name='account',
            name='reviewed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last review'),
        ),
        migrations.AddField(
            model_name='account',
            name='term',
            field=models.CharField(choices=[('permanent', 'Without an end'), ('trial', 'Trial'), ('campaign', 'Campaign')], db_default='permanent', default='permanent', max_length=20, verbose_name='term'),
        ),
        migrations.AddField(
            model_name='account',
            name='told_handle',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=150, verbose_name='name that the network tells'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('maturity__in', ['experimental', 'integrated'])), name='account_maturity_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('term__in', ['permanent', 'trial', 'campaign'])), name='account_term_is_known'),
        ),
        AddConstraintNotValid(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_on__isnull', True), ('term', 'permanent')), models.Q(models.Q(('term', 'permanent'), _negated=True), ('ends_on__isnull', False)), _connector='OR'), name='account_term_has_an_end'),
        ),
        migrations.AddField(
            model_name='accountreview',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='accounts_registry.account'),
        ),
        migrations.AddField(
            model_name='accountreview',
            name='reviewed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by'),
        ),
        migrations.AddField(
            model_name='exitplan',
            name='account',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='exit_plan', to='accounts_registry.account'),
        ),
        migrations.AddField(
            model_name='exitplan',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='accounts_registry.account'),
        ),
        migrations.AddField(
            model_name='handover',
            name='backup_before',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='backup_holder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='backup holder'),
        ),
        migrations.AddField(
            model_name='handover',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner'),
        ),
        migrations.AddField(
            model_name='handover',
            name='owner_before',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='accountreview',
            constraint=models.CheckConstraint(condition=models.Q(('evaluation', ''), _negated=True), name='review_says_something'),
        ),
    ]
