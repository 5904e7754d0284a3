"""A crisis remembers from where it was declared."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crisis', '0001_initial'),
        ('organisation', '0009_failed_sign_ins'),
    ]

    operations = [
        migrations.AddField(
            model_name='crisis',
            name='declared_from',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit'),
        ),
    ]
