"""A finding may be of an account that was seen: one that poses as us. Few findings stand: they are looked at here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0032_closing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='finding',
            name='finding_is_of_one',
        ),
        migrations.AddField(
            model_name='finding',
            name='sighting',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='accounts_registry.sighting'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('listed__isnull', True), ('sighting__isnull', True)), models.Q(('account__isnull', True), ('listed__isnull', False), ('sighting__isnull', True)), models.Q(('account__isnull', True), ('listed__isnull', True), ('sighting__isnull', False)), _connector='OR'), name='finding_is_of_one'),
        ),
    ]
