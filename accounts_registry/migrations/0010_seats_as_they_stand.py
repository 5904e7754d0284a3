"""Dossiers that are with the committee keep it as it stands now; decided ones, who voted and the quorum on record."""

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

CHAIR, MEMBER = "committee_chair", "committee_member"


def fix_seats(apps, schema_editor):
    dossiers = apps.get_model("accounts_registry", "JustificationDossier").objects
    for dossier in dossiers.filter(state__in=["in_review", "deferred"]).select_related("unit"):
        _fix_open(apps, dossier)
    for dossier in dossiers.filter(state__in=["approved", "refused"], decision__isnull=False):
        _fix_decided(apps, dossier)


def _fix_open(apps, dossier):
    grants = apps.get_model("organisation", "Grant").objects.filter(
        Q(until__isnull=True) | Q(until__gt=timezone.now()),
        revoked_at__isnull=True,
        confirmed_at__isnull=False,
        person__is_active=True,
        role__in=[CHAIR, MEMBER],
        unit__path=_root(apps, dossier),
    )
    writers = {dossier.requested_by_id, *dossier.editors.values_list("pk", flat=True)}
    found = {}
    for person, unit, role in grants.values_list("person_id", "person__unit_id", "role"):
        aside = unit == dossier.unit_id or person in writers
        found[person] = (aside, role == CHAIR or found.get(person, (aside, False))[1])
    _write(apps, dossier, found, max(1, (sum(not aside for aside, _chair in found.values()) + 1) // 2))


def _root(apps, dossier):
    roots = apps.get_model("organisation", "Unit").objects.filter(depth=1).values_list("path", flat=True)
    return next(path for path in roots if dossier.unit.path.startswith(path))


def _fix_decided(apps, dossier):
    votes = apps.get_model("accounts_registry", "Vote").objects.filter(dossier=dossier, round=dossier.round)
    chair = dossier.decision.decided_by_id
    found = {person: (False, person == chair) for person in votes.values_list("member_id", flat=True)}
    _write(apps, dossier, found, dossier.decision.quorum)


def _write(apps, dossier, found, quorum):
    seats = apps.get_model("accounts_registry", "CommitteeSeat").objects
    for person, (aside, chair) in found.items():
        seats.create(dossier=dossier, round=dossier.round, member_id=person, stands_aside=aside, is_chair=chair)
    type(dossier).objects.filter(pk=dossier.pk).update(quorum=quorum)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_registry", "0009_committee_seats"),
        ("organisation", "0008_confirmed_as_given"),
    ]
    operations = [migrations.RunPython(fix_seats, migrations.RunPython.noop)]
