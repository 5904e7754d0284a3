"""Who is asked, and for what."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.enums import Outcome, Place, RequestState
from approvals.models import Decision, Request
from approvals.models.request import STANDING
from approvals.queries.backing import may_take, place_of
from approvals.queries.requests import hands_of
from approvals.subjects import Subject
from organisation.models import Grant, Person, Unit
from organisation.queries.authority import hands_behind, people_holding, stand_ins_of
from organisation.roles import holding, permissions_of


def asking(person: Person, subject: Subject) -> QuerySet[Request]:
    """Open requests of this kind whose waiting step the person may take, by their grants, and in which they have not
    decided yet. Whether they wrote the thing, its room knows."""
    decided = Decision.objects.filter(request=OuterRef("pk"), by=person.pk, void_at__isnull=True)
    theirs = _theirs(person, subject, step="asked", unit="unit")
    return Request.objects.filter(theirs, ~Exists(decided), kind=subject.kind, state=RequestState.OPEN)


def answered_for(person: Person, subject: Subject) -> QuerySet[Decision]:
    """Every yes of the person that counts, to what stands, as long as their grants are what its step asked for."""
    given = Decision.objects.filter(by=person.pk, outcome=Outcome.APPROVED, void_at__isnull=True)
    given = given.filter(request__kind=subject.kind, request__state__in=STANDING)
    return given.filter(_theirs(person, subject, step="step", unit="request__unit"))


def _theirs(person: Person, subject: Subject, *, step: str, unit: str) -> Q:
    """Rows whose `step`, for a subject of `unit`, the person may take by their grants."""
    condition = Q(pk__in=[])
    for role, path in person.held_grants():
        if subject.permission in permissions_of([role]):
            condition |= _within(role, path, step, unit)
    return condition


def _within(role: str, path: str, step: str, unit: str) -> Q:
    """Those that a grant of `role` at `path` may take."""
    suits = Q(**{f"{step}__role": ""}) | Q(**{f"{step}__role": role})
    here = Q(**{f"{unit}__path__startswith": path})
    condition = Q(**{f"{step}__isnull": True}) & here
    condition |= suits & Q(**{f"{step}__place": Place.OWN}) & here
    condition |= suits & Q(**{f"{step}__place": Place.PEER, f"{step}__unit__path__startswith": path})
    if len(path) == Unit.steplen:
        condition |= suits & Q(**{f"{step}__place": Place.CENTRE}) & here
    return condition


def is_asked(person: Person, request: Request, subject: Subject) -> bool:
    """True where `asking` gives this request, whatever else stands against their deciding."""
    if not person.is_active or not may_take(person, request.asked, request.unit, subject.permission):
        return False
    return not Decision.objects.filter(request=request, by=person.pk, void_at__isnull=True).exists()


def askable(unit: Unit, subject: Subject, wrote: Iterable[Person], request: Request | None = None) -> QuerySet[Person]:
    """People who may take the waiting step of `request`, or what would be the only one, by name.

    Neither those who wrote it nor who took a step already are among them, nor who counts as one of these.
    """
    step = request.asked if request else None
    place = place_of(step, unit)
    above = [place[:length] for length in range(Unit.steplen, len(place) + 1, Unit.steplen)]
    roles = [role for role in holding(subject.permission) if step is None or step.role in ("", role)]
    grants = Grant.objects.in_force().filter(role__in=roles, unit__path__in=above)
    closed = [*wrote, *(one.by for one in (hands_of(request) if request else ()))]
    behind = [(one, hands_behind(one)) for one in closed]
    hands = set[int]().union(*(hands | stand_ins_of(one, hands) for one, hands in behind))
    touched = Q(pk__in=[one.pk for one in closed]) | Q(pk__in=hands) | Q(invited_by__in=hands, vouched_at__isnull=True)
    people = Person.objects.filter(people_holding(grants), is_active=True, responsible__isnull=True)
    return people.exclude(touched).order_by("name")
