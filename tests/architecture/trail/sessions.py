"""Sessions of the committee, votes in writing, minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts_registry import actions
from accounts_registry.enums import DossierState, FileKind
from accounts_registry.models import CommitteeSession, JustificationDossier, WrittenProcedure
from accounts_registry.queries.minutes_document import content_of, hash_of
from organisation.models import Person
from tests.architecture.trail.world import NOBODY, World, leaves
from tests.factories.accounts_registry import DossierFactory
from tests.factories.committee import CommitteeSessionFactory, drafted, on_the_agenda, written_for
from tests.factories.organisation import UnitFactory, person_with

CHAIR, MEMBER = "Chair", "Member"
NEXT_YEAR = timezone.localdate().year + 1
WALL = datetime(NEXT_YEAR, 5, 3, 9)  # noqa: DTZ001 (a wall time)


def chair_of(world: World) -> Person:
    return person_with("committee_chair", world.unit, works_in=UnitFactory.create(parent=world.unit), name=CHAIR)


def member_of(world: World) -> Person:
    return person_with("committee_member", world.unit, works_in=UnitFactory.create(parent=world.unit), name=MEMBER)


def before_it(world: World, state: str = DossierState.IN_REVIEW) -> JustificationDossier:
    return DossierFactory.create(unit=world.unit, state=state, round=1)


def session_of(world: World, by: Person, **facts: Any) -> CommitteeSession:
    return CommitteeSessionFactory.create(unit=world.unit, planned_by=by, **facts)


@leaves(("committee_session.planned", CHAIR, {"starts_at": f"{NEXT_YEAR}-05-03T07:00:00+00:00", "place": "Attic"}))
def session_planned(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    return lambda: actions.plan_session(unit=world.unit, by=chair, wall_time=WALL, place="Attic")


@leaves(("committee_session.changed", CHAIR, {"changes": {"place": ["Room 12", "Attic"], "wall_time": [..., ...]}}))
def session_changed(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    facts: dict[str, Any] = {"fold": None, "place": "Attic", "link": "", "names_votes": True}
    session = session_of(world, chair)
    return lambda: actions.change_session(session=session, by=chair, edition=1, wall_time=WALL, **facts)


@leaves(("committee_session.agenda_set", CHAIR, {"agenda": ["Opening"]}))
def agenda_set(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    session = session_of(world, chair)
    return lambda: actions.set_agenda(session=session, by=chair, edition=1, entries=[{"title": "Opening"}])


@leaves(("committee_session.attendance_noted", CHAIR, {"presences": ...}))
def attendance_noted(world: World) -> Callable[[], object]:
    chair, member = chair_of(world), member_of(world)
    session = session_of(world, chair)
    return lambda: actions.note_attendance(session=session, by=chair, presences={member.pk: "remote"})


@leaves(
    ("committee_session.open", CHAIR, {"from": "planned", "to": "open"}),
    ("dossier.resume", CHAIR, {"from": "deferred", "to": "in_review"}),
)
def session_opened(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    session = session_of(world, chair)
    on_the_agenda(session, before_it(world, DossierState.DEFERRED))
    return lambda: actions.open_session(session=session, by=chair)


@leaves(("committee_session.item_discussed", CHAIR, {"item": "Any other business", "note": "We meet online"}))
def item_discussed(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    item = on_the_agenda(session_of(world, chair, state="open"), "Any other business")
    return lambda: actions.discuss_item(item=item, by=chair, note="We meet online")


@leaves(("committee_session.close", CHAIR, {"from": "open", "to": "closed"}))
def session_closed(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    session = session_of(world, chair, state="open")
    return lambda: actions.close_session(session=session, by=chair)


@leaves(("committee_session.cancel", CHAIR, {"from": "planned", "to": "cancelled", "reason": "Nobody is in town"}))
def session_cancelled(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    session = session_of(world, chair)
    return lambda: actions.cancel_session(session=session, by=chair, reason="Nobody is in town")


@leaves(("minutes.written", CHAIR, {"edition": 1}))
def minutes_written(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    session = session_of(world, chair, state="closed")
    return lambda: actions.write_minutes(session=session, by=chair, remarks="It began late")


@leaves(("minutes.approve", MEMBER, {"from": "drafted", "to": "approved", "sha256": ...}))
def minutes_approved(world: World) -> Callable[[], object]:
    member = member_of(world)
    minutes = drafted(session_of(world, chair_of(world), state="closed"))
    return lambda: actions.approve_minutes(minutes=minutes, by=member, content_hash=hash_of(content_of(minutes)))


@leaves(("minutes.exported", MEMBER, {"kind": "odt", "language": "fr"}))
def minutes_exported(world: World) -> Callable[[], object]:
    member = member_of(world)
    minutes = drafted(session_of(world, chair_of(world), state="closed"))
    return lambda: actions.export_minutes(minutes=minutes, by=member, kind=FileKind.ODT, language="fr")


@leaves(("dossier.put_to_writing", CHAIR, {"ends_on": ...}))
def put_to_writing(world: World) -> Callable[[], object]:
    chair = chair_of(world)
    dossier = before_it(world)
    ends_on = timezone.localdate() + timedelta(days=7)
    return lambda: actions.begin_written(dossier=dossier, by=chair, ends_on=ends_on)


@leaves(("written_procedure.halt", MEMBER, {"from": "running", "to": "halted", "reason": "The risks"}))
def written_halted(world: World) -> Callable[[], object]:
    member = member_of(world)
    procedure = written_for(before_it(world))
    return lambda: actions.halt_written(procedure=procedure, by=member, reason="The risks")


@leaves(("written_procedure.end", NOBODY, {"from": "running", "to": "ended"}))
def written_ended(world: World) -> Callable[[], object]:
    procedure = written_for(before_it(world))
    WrittenProcedure.objects.filter(pk=procedure.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    return actions.end_written
