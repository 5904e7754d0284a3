"""What somebody said gets a row of its own, once a network: mentions and entries will point to it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('monitoring', '0010_erasures')]

    operations = [
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.CharField(max_length=20)),
                ('server', models.CharField(blank=True, max_length=500)),
                ('remote_id', models.CharField(max_length=300)),
                ('cid', models.CharField(blank=True, default='', max_length=200)),
                ('url', models.URLField(blank=True, default='', max_length=500, verbose_name='public address')),
                ('title', models.CharField(blank=True, default='', max_length=300, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('language', models.CharField(blank=True, default='', max_length=10)),
                ('audience', models.CharField(blank=True, choices=[('public', 'Public'), ('unlisted', 'Public, in no list'), ('followers', 'For the author’s followers'), ('direct', 'For the people named')], db_default='', default='', max_length=20, verbose_name='who sees it')),
                ('warning', models.TextField(blank=True, db_default='', default='', verbose_name='content warning')),
                ('attachments', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('choices', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('parent_id', models.CharField(blank=True, default='', max_length=300)),
                ('root_id', models.CharField(blank=True, default='', max_length=300)),
                ('root_url', models.CharField(blank=True, default='', max_length=500)),
                ('root_cid', models.CharField(blank=True, default='', max_length=200)),
                ('sent_at', models.DateTimeField(verbose_name='written')),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='received')),
                ('edited_at', models.DateTimeField(null=True, verbose_name='change seen')),
            ],
            options={
                'verbose_name': 'item',
                'verbose_name_plural': 'items',
                'ordering': ['sent_at', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('audience__in', ['', 'public', 'unlisted', 'followers', 'direct'])), name='item_audience_is_known'),
                    models.UniqueConstraint(fields=('remote_id', 'network', 'server'), name='one_item_a_network'),
                ],
            },
        ),
        migrations.AddField(
            model_name='mention',
            name='item',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='monitoring.item'),
        ),
        migrations.AddField(
            model_name='entry',
            name='item',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='monitoring.item'),
        ),
    ]
