"""Networks are looked through for accounts that pose as us."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0043_account_figures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImitationSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('epoch', models.PositiveIntegerField(db_default=0, default=0)),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='begun')),
                ('next_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='next look')),
                ('looked_at', models.DateTimeField(null=True, verbose_name='last look')),
                ('problem', models.CharField(blank=True, default='', max_length=40)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('place', models.PositiveIntegerField(default=0)),
                ('calls', models.PositiveSmallIntegerField(default=0)),
                ('calls_on', models.DateField(null=True)),
                ('seen', models.PositiveIntegerField(default=0)),
                ('made', models.PositiveIntegerField(default=0)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imitation_search', to='accounts_registry.account')),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'search for imitations',
                'verbose_name_plural': 'searches for imitations',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['next_at'], name='imitation_search_due')],
            },
        ),
    ]
