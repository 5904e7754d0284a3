"""The security record of an account: what is looked at, what is borne for a while, and who stands by it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0031_advice_and_comments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SecurityAttestation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.PositiveIntegerField()),
                ('standing', models.CharField(choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_met', 'Not met'), ('unknown', 'Not looked at in full')], max_length=10, verbose_name='how it stood')),
                ('attested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='attested')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='security_attestations', to='accounts_registry.account')),
                ('attested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='attested by')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('standing__in', ['met', 'partly', 'not_met', 'unknown'])), name='securityattestation_standing_is_known')],
            },
        ),
        migrations.CreateModel(
            name='SecurityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(choices=[('second_factor', 'The second factor is an app or a key'), ('recovery', 'Recovery phone and mail belong to the service'), ('apps', 'Every app of others is known and needed'), ('vault', 'Passwords lie in a vault, or people come in by single sign-on'), ('trained', 'Whoever has access was trained in safe behaviour'), ('drills', 'Crisis drills are held regularly and scored'), ('lessons', 'Incidents lead to a changed process'), ('link_warning', 'Whoever writes there is warned of suspicious links'), ('central', 'Accounts are governed centrally'), ('least_privilege', 'Nobody may do more than their work needs')], max_length=20, verbose_name='item')),
                ('level', models.CharField(choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_met', 'Not met')], max_length=10, verbose_name='how it stands')),
                ('evidence', models.TextField(blank=True, default='', verbose_name='evidence')),
                ('checked_on', models.DateField(verbose_name='looked at on')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='security_checks', to='accounts_registry.account')),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='looked at by')),
            ],
            options={
                'ordering': ['account', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('item__in', ['second_factor', 'recovery', 'apps', 'vault', 'trained', 'drills', 'lessons', 'link_warning', 'central', 'least_privilege'])), name='securitycheck_item_is_known'), models.CheckConstraint(condition=models.Q(('level__in', ['met', 'partly', 'not_met'])), name='securitycheck_level_is_known'), models.UniqueConstraint(fields=('account', 'item'), name='security_item_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='SecurityException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(choices=[('second_factor', 'The second factor is an app or a key'), ('recovery', 'Recovery phone and mail belong to the service'), ('apps', 'Every app of others is known and needed'), ('vault', 'Passwords lie in a vault, or people come in by single sign-on'), ('trained', 'Whoever has access was trained in safe behaviour'), ('drills', 'Crisis drills are held regularly and scored'), ('lessons', 'Incidents lead to a changed process'), ('link_warning', 'Whoever writes there is warned of suspicious links'), ('central', 'Accounts are governed centrally'), ('least_privilege', 'Nobody may do more than their work needs')], max_length=20, verbose_name='item')),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('ended', 'Taken back'), ('expired', 'Over')], default='asked', max_length=10, verbose_name='state')),
                ('why', models.TextField(verbose_name='why it is not met')),
                ('until', models.DateField(verbose_name='until')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='asked')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='security_exceptions', to='accounts_registry.account')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'security exception',
                'verbose_name_plural': 'security exceptions',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'accepted')), fields=['until'], name='security_exception_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('item__in', ['second_factor', 'recovery', 'apps', 'vault', 'trained', 'drills', 'lessons', 'link_warning', 'central', 'least_privilege'])), name='securityexception_item_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'accepted', 'refused', 'ended', 'expired'])), name='securityexception_state_is_known'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'accepted'])), fields=('account', 'item'), name='security_exception_stands_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'expired']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='security_exception_by_two'), models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='security_exception_says_why')],
            },
        ),
        migrations.CreateModel(
            name='SecurityRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('second_factor', models.CharField(choices=[('unknown', 'Not known'), ('none', 'None'), ('sms', 'A code by text message'), ('app', 'A code of an app'), ('key', 'A security key')], default='unknown', max_length=10, verbose_name='second factor on the network')),
                ('recovery_phone_of', models.CharField(choices=[('unknown', 'Not known'), ('none', 'None is set'), ('service', 'One of the service'), ('person', 'One of a single person')], default='unknown', max_length=10, verbose_name='recovery phone')),
                ('recovery_mail_of', models.CharField(choices=[('unknown', 'Not known'), ('none', 'None is set'), ('service', 'One of the service'), ('person', 'One of a single person')], default='unknown', max_length=10, verbose_name='recovery mail')),
                ('recovery_phone', models.CharField(blank=True, default='', max_length=40, verbose_name='number of the service')),
                ('recovery_mail', models.CharField(blank=True, default='', max_length=254, verbose_name='mail address of the service')),
                ('edition', models.PositiveIntegerField(default=1)),
                ('attested_at', models.DateTimeField(null=True, verbose_name='last attested')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='security', to='accounts_registry.account')),
            ],
            options={
                'verbose_name': 'security record',
                'verbose_name_plural': 'security records',
                'constraints': [models.CheckConstraint(condition=models.Q(('second_factor__in', ['unknown', 'none', 'sms', 'app', 'key'])), name='securityrecord_second_factor_is_known'), models.CheckConstraint(condition=models.Q(('recovery_phone_of__in', ['unknown', 'none', 'service', 'person'])), name='securityrecord_recovery_phone_of_is_known'), models.CheckConstraint(condition=models.Q(('recovery_mail_of__in', ['unknown', 'none', 'service', 'person'])), name='securityrecord_recovery_mail_of_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('recovery_phone', ''), ('recovery_phone_of', 'service'), _connector='OR'), models.Q(('recovery_mail', ''), ('recovery_mail_of', 'service'), _connector='OR')), name='recovery_of_the_service_alone')],
            },
        ),
    ]
