"""A freeze remembers from where it was placed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0008_witness'),
        ('organisation', '0009_failed_sign_ins'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='by_crisis_cell',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='hold',
            name='placed_from',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='placed from'),
        ),
    ]
