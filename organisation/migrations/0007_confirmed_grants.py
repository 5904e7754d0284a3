"""A weighty grant is a proposal until a second person confirms it; who was invited remembers by whom."""

import django.db.models.deletion
import django.db.models.functions.datetime
import organisation.roles
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0006_factors_are_sealed'),
    ]

    operations = [
        migrations.AddField(
            model_name='grant',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, db_default=django.db.models.functions.datetime.Now(), null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='person',
            name='invited_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='person',
            name='vouched_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='grant',
            name='role',
            field=models.CharField(choices=organisation.roles.role_choices, max_length=40, verbose_name='role'),
        ),
    ]
