"""Sessions of the committee: planned, changed, opened, closed, cancelled; agenda and attendance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import (
    DOSSIER_LIFECYCLE,
    SESSION_LIFECYCLE,
    DossierState,
    ItemResult,
    Presence,
    SessionState,
)
from accounts_registry.models import AgendaItem, Attendance, CommitteeSession, JustificationDossier
from accounts_registry.queries.committee import members_of
from accounts_registry.queries.frames import for_an_agenda
from accounts_registry.queries.sessions import TO_COME
from organisation import audit, locks, policy, wall_clock
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person, Unit

PLANNED = audit.tell("committee_session.planned", _("%(actor)s planned this session"))
CHANGED = audit.tell("committee_session.changed", _("%(actor)s changed this session"))
AGENDA = audit.tell("committee_session.agenda_set", _("%(actor)s set the agenda of this session"))
ATTENDED = audit.tell("committee_session.attendance_noted", _("%(actor)s noted who attends this session"))
DISCUSSED = audit.tell("committee_session.item_discussed", _("%(actor)s noted what was said on a point of the agenda"))

MOST_ITEMS = 60
FURTHEST = timedelta(days=731)
FACTS = ["wall_time", "place", "link", "names_votes"]


class Entry(TypedDict, total=False):
    """A point as it is to stand there: `item`, the key of one that does already, or a new `dossier`, or a `title`."""

    item: int
    dossier: JustificationDossier
    title: str


@action
def plan_session(
    *,
    unit: Unit,
    by: Person,
    wall_time: datetime,
    fold: int | None = None,
    place: str = "",
    link: str = "",
    names_votes: bool = True,
) -> CommitteeSession:
    """The committee of the organisation whose root is `unit` sits at `wall_time`, as clocks there show it."""
    policy.require(by, Permission.DOSSIER_CHECK, unit)
    if unit.depth != 1:
        raise Refused(_("The committee sits for a whole organisation: plan its session there."), field="unit")
    session = CommitteeSession(unit=unit, planned_by=by)
    _fill(session, wall_time=wall_time, fold=fold, place=place, link=link, names_votes=names_votes)
    session.save()
    audit.record(verb=PLANNED, thing=session, by=by, starts_at=session.starts_at.isoformat(), place=session.place)
    return session


@action
def change_session(*, session: CommitteeSession, by: Person, edition: int, **facts: Any) -> CommitteeSession:
    """Another time or place; whoever was invited is told anew. `facts` as `plan_session` takes them, all of them."""
    locked = _to_prepare(session, by, edition, (SessionState.PLANNED,))
    before = audit.values_of(locked, FACTS)
    _fill(locked, **facts)
    locked.edition += 1
    locked.save()
    audit.record(verb=CHANGED, thing=locked, by=by, **audit.differences(before, audit.values_of(locked, FACTS)))
    return locked


def _fill(
    session: CommitteeSession, *, wall_time: datetime, fold: int | None, place: str, link: str, names_votes: bool
) -> None:
    zone, latest = session.unit.time_zone, database_now() + FURTHEST
    if wall_time.replace(tzinfo=None) > latest.replace(tzinfo=None):
        raise Refused(_("Nobody plans a session more than two years ahead. Choose an earlier day."), field="wall_time")
    session.starts_at = wall_clock.instant(wall_time, zone, fold)
    session.wall_time, session.zone = wall_time, zone
    session.fold = wall_clock.effective_fold(wall_time, zone, fold)
    if session.starts_at <= database_now():
        raise Refused(_("This moment is over. Choose a later one."), field="wall_time")
    session.place, session.link, session.names_votes = place.strip(), link.strip(), names_votes
    if not (session.place or session.link):
        raise Refused(_("Say where the committee meets, or give the link to the meeting."), field="place")
    if session.link:
        try:
            URLValidator(schemes=["https", "http"])(session.link)
        except ValidationError as wrong:
            raise Refused(*wrong.messages, field="link") from None


def _to_prepare(
    session: CommitteeSession, by: Person, edition: int | None, states: Sequence[str] = TO_COME
) -> CommitteeSession:
    """Locked; refused where somebody changed it since `edition` was read, or it is in none of `states`."""
    locked = locks.take(CommitteeSession.objects.select_related("unit"), session.pk)
    policy.require(by, Permission.DOSSIER_CHECK, locked)
    if locked.state not in states:
        raise Conflict(locked, "change")
    if edition not in (None, locked.edition):
        raise Outdated(_("Somebody else changed this session meanwhile. Look at it again."))
    return locked


@action
def set_agenda(*, session: CommitteeSession, by: Person, edition: int, entries: Sequence[Entry]) -> CommitteeSession:
    """The points in this order. Of those that stand there, what is left out goes, unless it is settled."""
    locked = _to_prepare(session, by, edition)
    there = {one.pk: one for one in AgendaItem.objects.filter(session=locked).select_related("dossier")}
    settled = [one for one in there.values() if not one.is_pending]
    kept = [there[one["item"]] for one in entries if one.get("item") in there]
    new = [_new(locked, one) for one in entries if "item" not in one]
    if len({one.pk for one in kept}) < len(kept) or any("item" in one and one["item"] not in there for one in entries):
        raise Outdated(_("Somebody else changed this session meanwhile. Look at it again."))
    _require_free(locked, [one.dossier for one in new if one.dossier is not None])
    if len(settled) + len(entries) > MOST_ITEMS:
        raise Refused(_("At most %(n)d points.") % {"n": MOST_ITEMS})
    standing = {one.pk for one in kept}
    AgendaItem.objects.filter(session=locked, result=ItemResult.PENDING).exclude(pk__in=standing).delete()
    waiting = iter(new)
    ordered = [there[one["item"]] if "item" in one else next(waiting) for one in entries]
    ordered = [*(one for one in settled if one.pk not in standing), *ordered]
    for place, one in enumerate(ordered, start=1):
        one.position = place
        one.save()
    locked.edition += 1
    locked.save(update_fields=["edition"])
    audit.record(verb=AGENDA, thing=locked, by=by, agenda=[str(one) for one in ordered])
    return locked


def _new(session: CommitteeSession, entry: Entry) -> AgendaItem:
    dossier, title = entry.get("dossier"), entry.get("title", "").strip()
    if dossier is None and not title:
        raise Refused(_("Give the point a title."), field="titles")
    return AgendaItem(session=session, dossier=dossier, title="" if dossier else title[:200])


def _require_free(session: CommitteeSession, dossiers: list[JustificationDossier]) -> None:
    """Behind their locks: nothing is decided, or put to a vote in writing, while it comes on an agenda."""
    wanted = {one.pk for one in dossiers}
    locks.take_all(JustificationDossier.objects.select_related("unit"), wanted)
    already = AgendaItem.objects.filter(session=session, dossier__in=wanted, result=ItemResult.PENDING).exists()
    free = for_an_agenda(session.unit.path, session).filter(pk__in=wanted).count()
    if already or len(wanted) < len(dossiers) or free < len(wanted):
        raise Refused(
            _("A dossier comes on one agenda, once it is with the committee and while no vote in writing runs."),
            field="dossiers",
        )


@action
def note_attendance(*, session: CommitteeSession, by: Person, presences: Mapping[int, str]) -> CommitteeSession:
    """Who is there now, by the key of each member; whoever is not named stays as noted."""
    locked = _to_prepare(session, by, None)
    members = {person.pk: person for person, _is_chair in members_of(locked.unit)}
    if unknown := set(presences) - set(members):
        raise Refused(_("Somebody here does not sit on the committee (%(n)d).") % {"n": len(unknown)})
    if set(presences.values()) - set(Presence.values):
        raise Refused(_("Say whether each member is there, excused or absent."))
    for pk, presence in presences.items():
        Attendance.objects.update_or_create(session=locked, member=members[pk], defaults={"presence": presence})
    audit.record(verb=ATTENDED, thing=locked, by=by, presences={str(pk): one for pk, one in sorted(presences.items())})
    return locked


@action
def open_session(*, session: CommitteeSession, by: Person) -> CommitteeSession:
    """The chair opens it, and is there; what was put off until now is taken up again."""
    locked = locks.take(CommitteeSession.objects.select_related("unit"), session.pk)
    waiting = AgendaItem.objects.filter(session=locked, result=ItemResult.PENDING, dossier__isnull=False)
    dossiers = locks.take_all(
        JustificationDossier.objects.select_related("unit"), set(waiting.values_list("dossier", flat=True))
    )
    changes = {"opened_by": by, "opened_at": Now()}
    perform(SESSION_LIFECYCLE, "open", locked, by=by, changes=changes)
    if by.pk in {person.pk for person, _is_chair in members_of(locked.unit)}:
        Attendance.objects.get_or_create(session=locked, member=by, defaults={"presence": Presence.PRESENT})
    for dossier in dossiers:
        if dossier.state == DossierState.DEFERRED and policy.allows(by, Permission.DOSSIER_CHECK, dossier):
            perform(DOSSIER_LIFECYCLE, "resume", dossier, by=by)
    session.refresh_from_db()
    return session


@action
def close_session(*, session: CommitteeSession, by: Person) -> CommitteeSession:
    """What is left was not dealt with, and is free for another agenda; who was never noted was absent."""
    locked = locks.take(CommitteeSession.objects.select_related("unit"), session.pk)
    perform(SESSION_LIFECYCLE, "close", locked, by=by, changes={"closed_at": Now()})
    _free_the_rest(locked)
    noted = set(Attendance.objects.filter(session=locked).values_list("member", flat=True))
    Attendance.objects.bulk_create(
        Attendance(session=locked, member=person, presence=Presence.ABSENT)
        for person, _is_chair in members_of(locked.unit)
        if person.pk not in noted
    )
    session.refresh_from_db()
    return session


@action
def cancel_session(*, session: CommitteeSession, by: Person, reason: str) -> CommitteeSession:
    """It does not take place: what stood on its agenda is free for another one."""
    locked = locks.take(CommitteeSession.objects.select_related("unit"), session.pk)
    perform(SESSION_LIFECYCLE, "cancel", locked, by=by, details={"reason": reason})
    _free_the_rest(locked)
    session.refresh_from_db()
    return session


def _free_the_rest(session: CommitteeSession) -> None:
    left = AgendaItem.objects.filter(session=session, result=ItemResult.PENDING)
    left.update(result=ItemResult.NOT_REACHED, settled_at=Now())


@action
def discuss_item(*, item: AgendaItem, by: Person, note: str) -> AgendaItem:
    """A free point is dealt with; `note` is what the minutes say of it. Written again, it replaces what was noted."""
    session = _to_prepare(item.session, by, None, (SessionState.OPEN,))
    locked = locks.take(AgendaItem.objects.all(), item.pk)
    if locked.dossier_id is not None:
        raise Refused(_("A dossier is voted on and decided, or put off."))
    if not note.strip():
        raise Refused(_("Say what was said or agreed."), field="note")
    locked.result, locked.note, locked.settled_at = ItemResult.DISCUSSED, note.strip(), database_now()
    locked.save(update_fields=["result", "note", "settled_at"])
    audit.record(verb=DISCUSSED, thing=session, by=by, item=locked.title, note=locked.note)
    return locked
