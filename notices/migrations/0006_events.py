
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0005_sightings_as_they_stand'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhookcall',
            name='event',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='webhookcall',
            name='told',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='webhooktarget',
            name='events',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=[], size=None, verbose_name='what happens'),
        ),
        migrations.AddField(
            model_name='webhooktarget',
            name='heard_to',
            field=models.BigIntegerField(db_default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='webhookcall',
            name='notice',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notices.notice', verbose_name='notice'),
        ),
        migrations.AddConstraint(
            model_name='webhookcall',
            constraint=models.UniqueConstraint(fields=('target', 'event'), name='one_call_an_event'),
        ),
        migrations.AddConstraint(
            model_name='webhookcall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('notice__isnull', True), ('told__isnull', False)), models.Q(('notice__isnull', False), ('told__isnull', True)), _connector='OR'), name='call_tells_one_thing'),
        ),
    ]
