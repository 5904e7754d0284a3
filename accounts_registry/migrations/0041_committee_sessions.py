"""Sessions of the committee, their agenda, attendance and minutes; votes in writing.

The running version goes on voting and deciding meanwhile: what is new in its tables may be empty. Minutes that are
approved are never changed again, whoever writes.
"""

import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import organisation.fields
from django.conf import settings
from django.db import migrations, models


KEPT = """
CREATE FUNCTION accounts_registry_minutes_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'approved' THEN
        RAISE EXCEPTION 'approved minutes are not changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON accounts_registry_minutes
    FOR EACH ROW EXECUTE FUNCTION accounts_registry_minutes_are_kept();
"""
CHANGEABLE = """
DROP TRIGGER kept ON accounts_registry_minutes;
DROP FUNCTION accounts_registry_minutes_are_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0038_findings_of_sightings'),
        ('organisation', '0032_group_roles_are_known'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='present',
            field=models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='present'),
        ),
        migrations.CreateModel(
            name='CommitteeSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wall_time', organisation.fields.WallTimeField(verbose_name='day and hour')),
                ('zone', models.CharField(max_length=50, verbose_name='time zone')),
                ('fold', models.PositiveSmallIntegerField(default=0)),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('place', models.CharField(blank=True, default='', max_length=200, verbose_name='place')),
                ('link', models.URLField(blank=True, default='', max_length=500, verbose_name='link')),
                ('names_votes', models.BooleanField(default=True, verbose_name='the minutes name who voted how')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('open', 'Open'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='planned', max_length=20, verbose_name='state')),
                ('edition', models.PositiveIntegerField(default=1)),
                ('opened_at', models.DateTimeField(null=True, verbose_name='opened')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='chair')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='committee_sessions', to='organisation.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'session of the committee',
                'verbose_name_plural': 'sessions of the committee',
                'ordering': ['-starts_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('presence', models.CharField(choices=[('present', 'In the room'), ('remote', 'Remotely'), ('excused', 'Excused'), ('absent', 'Absent')], max_length=10, verbose_name='presence')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='accounts_registry.committeesession')),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendances',
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(blank=True, default='', max_length=200, verbose_name='title')),
                ('result', models.CharField(choices=[('pending', 'To be dealt with'), ('decided', 'Decided'), ('deferred', 'Put off'), ('discussed', 'Discussed'), ('not_reached', 'Not dealt with')], default='pending', max_length=20, verbose_name='result')),
                ('note', models.TextField(blank=True, default='', verbose_name='note')),
                ('settled_at', models.DateTimeField(null=True)),
                ('dossier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agenda_items', to='accounts_registry.justificationdossier')),
                ('deferred_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts_registry.committeesession')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='accounts_registry.committeesession')),
            ],
            options={
                'verbose_name': 'point of the agenda',
                'verbose_name_plural': 'points of the agenda',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='session',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='accounts_registry.committeesession'),
        ),
        migrations.AddField(
            model_name='vote',
            name='session',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts_registry.committeesession'),
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remarks', models.TextField(blank=True, default='', verbose_name='remarks')),
                ('state', models.CharField(choices=[('drafted', 'Draft'), ('approved', 'Approved')], default='drafted', max_length=20, verbose_name='state')),
                ('edition', models.PositiveIntegerField(default=1)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='written')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='approved')),
                ('content', models.JSONField(null=True)),
                ('content_hash', models.CharField(blank=True, default='', max_length=64)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='accounts_registry.committeesession')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'minutes',
                'verbose_name_plural': 'minutes',
            },
        ),
        migrations.CreateModel(
            name='WrittenProcedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('ends_on', models.DateField(verbose_name='last day for votes')),
                ('state', models.CharField(choices=[('running', 'Running'), ('ended', 'Ended'), ('halted', 'To be dealt with in a session')], default='running', max_length=20, verbose_name='state')),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='begun')),
                ('reason', models.TextField(blank=True, default='', verbose_name='reason')),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='written_procedures', to='accounts_registry.justificationdossier')),
                ('halted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'written procedure',
                'verbose_name_plural': 'written procedures',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='procedure',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts_registry.writtenprocedure'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('session__isnull', True), ('procedure__isnull', True), _connector='OR'), name='decision_has_one_frame'),
        ),
        migrations.AddIndex(
            model_name='committeesession',
            index=models.Index(fields=['unit', 'starts_at', 'id'], name='session_by_hour'),
        ),
        migrations.AddConstraint(
            model_name='committeesession',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'open', 'closed', 'cancelled'])), name='committeesession_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='committeesession',
            constraint=models.CheckConstraint(condition=models.Q(('link', ''), ('place', ''), _negated=True), name='session_is_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='committeesession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['open', 'closed']), _negated=True), models.Q(('opened_at__isnull', False), ('opened_by__isnull', False)), _connector='OR'), name='session_opened_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('presence__in', ['present', 'remote', 'excused', 'absent'])), name='attendance_presence_is_known'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('session', 'member'), name='one_attendance_a_member'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['pending', 'decided', 'deferred', 'discussed', 'not_reached'])), name='agendaitem_result_is_known'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dossier__isnull', False), ('title', '')), models.Q(('dossier__isnull', True), models.Q(('title', ''), _negated=True)), _connector='OR'), name='item_is_a_dossier_or_has_a_title'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('session', 'position'), name='one_point_a_place'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(fields=('session', 'dossier'), name='one_point_a_dossier'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(condition=models.Q(('result', 'pending')), fields=('dossier',), name='one_agenda_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('deferred_to__isnull', True), ('result', 'deferred'), _connector='OR'), name='item_deferred_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'approved'])), name='minutes_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'drafted'), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('content__isnull', False), models.Q(('content_hash', ''), _negated=True), models.Q(('approved_by', models.F('written_by')), _negated=True)), _connector='OR'), name='minutes_approved_by_another'),
        ),
        migrations.AddIndex(
            model_name='writtenprocedure',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['ends_on'], name='written_procedure_by_day'),
        ),
        migrations.AddConstraint(
            model_name='writtenprocedure',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['running', 'ended', 'halted'])), name='writtenprocedure_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='writtenprocedure',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('dossier',), name='one_written_procedure'),
        ),
        migrations.AddConstraint(
            model_name='writtenprocedure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'halted'), _negated=True), models.Q(('halted_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='written_procedure_halted_by_somebody'),
        ),
        migrations.RunSQL(KEPT, CHANGEABLE),
    ]
