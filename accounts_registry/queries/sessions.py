"""Sessions of committees: which somebody sees, where they may plan one, and one session as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import DossierState
from accounts_registry.enums.session import ItemResult, Presence, SessionState
from accounts_registry.models import AgendaItem, Attendance, CommitteeSession, Minutes
from accounts_registry.queries.committee import members_of
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within
from organisation.queries.units import reach

TO_COME = (SessionState.PLANNED, SessionState.OPEN)


def visible_sessions(person: Person) -> QuerySet[CommitteeSession]:
    """Whoever sees the dossiers of a whole organisation sees when its committee sits, and what it said."""
    seen = CommitteeSession.objects.filter(within(person, Permission.DOSSIER_VIEW))
    return seen.select_related("unit", "opened_by", "planned_by")


def visible_minutes(person: Person) -> QuerySet[Minutes]:
    return Minutes.objects.filter(session__in=visible_sessions(person)).select_related(
        "session__unit", "written_by", "approved_by"
    )


def committees_of(person: Person, permission: Permission = Permission.DOSSIER_CHECK) -> QuerySet[Unit]:
    """The organisations for whose committee `person` holds `permission`: at their root, as a chair does."""
    paths = [path for path in reach(person, permission) if len(path) == Unit.steplen]
    return Unit.objects.filter(path__in=paths).order_by("path")


@dataclass(frozen=True)
class Member:
    """Somebody of the committee, and whether they are there; `presence` is empty while nobody noted it."""

    person: Person
    is_chair: bool
    presence: str = ""

    @property
    def label(self) -> str | Promise:
        return Presence(self.presence).label if self.presence else _("not noted yet")


def attending(session: CommitteeSession) -> list[Member]:
    """The committee by name. While a session is to come or open: who sits there now; afterwards who was noted. Two
    queries."""
    noted = {one.member_id: one for one in Attendance.objects.filter(session=session).select_related("member")}
    sitting = members_of(session.unit)
    chairs = {person.pk for person, is_chair in sitting if is_chair}
    now = {} if session.is_closed else {person.pk: person for person, _is_chair in sitting}
    people = {**now, **{pk: one.member for pk, one in noted.items()}}
    return [
        Member(one, one.pk in chairs, noted[one.pk].presence if one.pk in noted else "")
        for one in sorted(people.values(), key=lambda one: (one.name, one.pk))
    ]


def agenda(session: CommitteeSession) -> list[AgendaItem]:
    """In its order, each with its dossier and where it was put off to."""
    items = AgendaItem.objects.filter(session=session).select_related("dossier__unit", "deferred_to")
    return list(items.order_by("position", "pk"))


def to_deal_with(items: list[AgendaItem]) -> list[AgendaItem]:
    """What is still open, in order; a dossier that is no longer before the committee is not."""
    return [one for one in items if one.is_pending and (one.dossier is None or _before_us(one))]


def _before_us(item: AgendaItem) -> bool:
    return item.dossier is not None and item.dossier.state in (DossierState.IN_REVIEW, DossierState.DEFERRED)


def fate_of(item: AgendaItem) -> str | Promise:
    """What became of it, in words: of a dossier that is no longer before the committee, its state."""
    if item.is_pending and item.dossier is not None and not _before_us(item):
        return str(item.dossier.get_state_display())
    return item.get_result_display()


def later_sessions(session: CommitteeSession) -> QuerySet[CommitteeSession]:
    """Planned ones after it: where something is put off to."""
    later = CommitteeSession.objects.filter(unit=session.unit_id, state=SessionState.PLANNED)
    return later.filter(starts_at__gt=session.starts_at).order_by("starts_at", "pk")


def next_session(session: CommitteeSession) -> CommitteeSession | None:
    return later_sessions(session).first()


def planned_sessions(unit_path: str) -> QuerySet[CommitteeSession]:
    found = CommitteeSession.objects.filter(unit__path=unit_path[: Unit.steplen], state=SessionState.PLANNED)
    return found.order_by("starts_at", "pk")


def last_settled(session: CommitteeSession) -> int:
    """How many points are settled: the agenda that somebody read is no longer the same where it changed."""
    return AgendaItem.objects.filter(session=session).exclude(result=ItemResult.PENDING).count()
