"""Who votes on a dossier, and the quorum, are fixed when it passes to the committee."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0008_server_software'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='justificationdossier',
            name='quorum',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='CommitteeSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('is_chair', models.BooleanField(default=False, verbose_name='chair')),
                ('stands_aside', models.BooleanField(default=False, verbose_name='stands aside')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='accounts_registry.justificationdossier')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member')),
            ],
            options={
                'verbose_name': 'seat on the committee',
                'verbose_name_plural': 'seats on the committee',
                'constraints': [models.UniqueConstraint(fields=('dossier', 'round', 'member'), name='one_seat_a_member')],
            },
        ),
    ]
