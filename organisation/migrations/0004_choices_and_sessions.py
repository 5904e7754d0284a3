"""Choices are held by the database too; what stands against them is mended first, as the reading code took it."""

from zoneinfo import available_timezones

import organisation.working_time
from django.db import migrations, models


MEND = """
UPDATE organisation_person SET language = 'fr' WHERE language NOT IN ('fr', 'nl', 'de', 'en');
UPDATE organisation_unit SET working_calendar = 'be-federal' WHERE working_calendar <> 'be-federal';
UPDATE organisation_unit SET kind = 'department'
    WHERE kind NOT IN ('federal_service', 'administration', 'department', 'city', 'agency', 'cell');
UPDATE organisation_unit SET governance_model = 'centralised'
    WHERE governance_model NOT IN ('centralised', 'hub_and_spoke', 'autonomy');
UPDATE organisation_unit SET languages = COALESCE(
        NULLIF(ARRAY(SELECT one FROM unnest(languages) one WHERE one IN ('fr', 'nl', 'de', 'en')), '{}'),
        ARRAY['fr', 'nl']::varchar(2)[])
    WHERE NOT languages <@ ARRAY['fr', 'nl', 'de', 'en']::varchar(2)[];
"""


def mend_zones(apps, schema_editor):
    unit = apps.get_model("organisation", "Unit")
    unit.objects.exclude(time_zone__in=available_timezones()).update(time_zone="Europe/Brussels")


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0003_shared_values'),
    ]

    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        migrations.RunPython(mend_zones, migrations.RunPython.noop),
        migrations.AddField(
            model_name='person',
            name='session_epoch',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='person',
            name='language',
            field=models.CharField(choices=[('fr', 'Français'), ('nl', 'Nederlands'), ('de', 'Deutsch'), ('en', 'English')], default='fr', max_length=2, verbose_name='language'),
        ),
        migrations.AlterField(
            model_name='unit',
            name='working_calendar',
            field=models.CharField(choices=organisation.working_time.calendar_choices, default='be-federal', max_length=30, verbose_name='working calendar'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['fr', 'nl', 'de', 'en'])), name='person_language_is_known'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['federal_service', 'administration', 'department', 'city', 'agency', 'cell'])), name='unit_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('governance_model__in', ['centralised', 'hub_and_spoke', 'autonomy'])), name='unit_governance_is_known'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('languages__contained_by', ['fr', 'nl', 'de', 'en'])), name='unit_languages_are_known'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('working_calendar__in', ['be-federal'])), name='unit_calendar_is_known'),
        ),
    ]
