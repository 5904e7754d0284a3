"""What the items say stands there alone."""

import django.db.models.deletion
from django.db import migrations, models

OF_MENTIONS = [
    'remote_id', 'cid', 'url', 'text', 'language', 'audience', 'warning', 'attachments', 'choices', 'parent_id', 'root_id',
    'root_url', 'root_cid', 'edited_at',
]
OF_ENTRIES = ['remote_id', 'url', 'title', 'text', 'language', 'changed_at']


class Migration(migrations.Migration):
    dependencies = [('monitoring', '0012_items_of_what_is_kept')]

    operations = [
        migrations.RemoveConstraint(model_name='mention', name='one_mention_an_account'),
        migrations.RemoveConstraint(model_name='mention', name='mention_audience_is_known'),
        migrations.RemoveConstraint(model_name='mention', name='gone_mention_keeps_no_text'),
        migrations.RemoveConstraint(model_name='entry', name='one_entry_a_source'),
        *[migrations.RemoveField(model_name='mention', name=name) for name in OF_MENTIONS],
        *[migrations.RemoveField(model_name='entry', name=name) for name in OF_ENTRIES],
        migrations.AlterField(
            model_name='mention',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='monitoring.item'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='monitoring.item'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('item', 'account'), name='one_mention_an_account'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('source', 'item'), name='one_entry_a_source'),
        ),
    ]
