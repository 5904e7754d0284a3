"""Trainings: what somebody sees of them, what they are asked for, their certificates, and how far a unit is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.enums import Permission
from organisation.models import Certificate, Grant, Person, TrainingModule, TrainingSession, Unit
from organisation.queries.gates import lacks_anywhere, valid_now
from organisation.queries.paging import Keyset
from organisation.queries.units import STEP, paths_above, within
from organisation.queries.waiting import Waiting
from organisation.roles import holding
from organisation.training import Pillar

IN_ORDER = Keyset("", size=30, newest_first=False)
PEOPLE = Keyset("", size=50, newest_first=False)
SOON = timedelta(days=30)
# Who writes and answers on social media.
WRITES = (Permission.POST_WRITE, Permission.ANSWER_WRITE)
ASKS_OTHERS = (Permission.POLICY_WRITE, Permission.TRAINING_MANAGE)


def visible_trainings(person: Person) -> QuerySet[TrainingModule]:
    """Those of the units above the reader's own and those where they hold a role, and of all below the latter."""
    held = {path for _role, path in person.held_grants()}
    own = Unit.objects.filter(pk=person.unit_id).values_list("path", flat=True)
    above = {one for path in {*held, *own} for one in paths_above(path)}
    here = Q(unit__path__in=above)
    for path in held:
        here |= Q(unit__path__startswith=path)
    return TrainingModule.objects.filter(here).select_related("unit", "made_by")


def visible_sessions(person: Person) -> QuerySet[TrainingSession]:
    seen = TrainingSession.objects.filter(Q(module__in=visible_trainings(person)) | Q(trainer=person))
    return seen.select_related("module__unit", "trainer")


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """Theirs, the newest first."""
    return Certificate.objects.filter(person=person).select_related("module__unit").order_by("-given_at", "-pk")


def newest_certificate(person: Person, module: TrainingModule) -> Certificate | None:
    return certificates_of(person).filter(module=module).first()


# ---- Who is asked ---------------------------------------------------------------------------------------------------
def responsible_roles() -> list[str]:
    """Whoever asks others is asked first: those who write policies, or set up trainings, by a role held in a unit."""
    return sorted({role for permission in ASKS_OTHERS for role in holding(permission)})


def asked_people(module: TrainingModule) -> QuerySet[Person]:
    """Active people of its unit and below, no programs: all of them for the front line, those who write or answer, and
    those who answer for a unit."""
    people = Person.objects.filter(is_active=True, responsible__isnull=True, unit__path__startswith=module.unit.path)
    if module.pillar == Pillar.FRONT_LINE:
        return people
    roles = responsible_roles() if module.pillar == Pillar.LEADERS else _writing_roles()
    held = Grant.objects.in_force().filter(person=OuterRef("pk"), role__in=roles)
    return people.filter(Exists(held))


def _writing_roles() -> list[str]:
    return sorted({role for permission in WRITES for role in holding(permission)})


def asked_of(person: Person) -> QuerySet[TrainingModule]:
    """Trainings that are asked of the person now, and of which they have no valid certificate. From the top down: of
    others than those who answer for a unit, once these, there and above, have theirs."""
    roles = {role.partition("&")[0] for role, _path in person.held_grants()}
    leads = bool(roles & set(responsible_roles()))
    pillars = {Pillar.FRONT_LINE, *([Pillar.LEADERS] if leads else [])}
    if roles & set(_writing_roles()):
        pillars.add(Pillar.USERS)
    own = Unit.objects.filter(pk=person.unit_id).values("path")
    given = TrainingModule.objects.filter(ended_at__isnull=True, pillar__in=pillars).annotate(place=Subquery(own))
    given = given.filter(place__startswith=F("unit__path"))
    theirs = Certificate.objects.filter(valid_now(), module=OuterRef("pk"), person=person)
    found = given.filter(~Exists(theirs)).select_related("unit").order_by("pk")
    return found if leads else found.filter(~Exists(_behind()))


def _path(name: str) -> Any:
    """A path of the row outside."""
    return ExpressionWrapper(OuterRef(name), output_field=CharField())


def _behind() -> QuerySet[Grant]:
    """Roles of who answers for a unit at or above the reader's, within the training's, and has no valid certificate."""
    held = Grant.objects.in_force().filter(role__in=responsible_roles(), person__is_active=True)
    held = held.annotate(place=_path("place"), top=_path("unit__path"))
    on_the_way = held.filter(Q(place__startswith=F("unit__path")), unit__path__startswith=F("top"))
    has = Certificate.objects.filter(valid_now(), module=OuterRef(OuterRef("pk")), person=OuterRef("person"))
    return on_the_way.filter(~Exists(has))


# ---- How far a unit is ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Completed:
    """Of the people of a unit, how many are asked and how many have a valid certificate; the same of those who answer
    for it. `level` counts from 1 at the top of the training."""

    unit: Unit
    level: int
    asked: int
    done: int
    leaders: int
    leaders_done: int


@dataclass(frozen=True)
class Level:
    """All units of one level together. `waits`: who answers for a unit above it is not through yet."""

    level: int
    asked: int
    done: int
    leaders: int
    leaders_done: int
    waits: bool


def completion(module: TrainingModule, reader: Person) -> list[Completed]:
    """By unit, those whose trainings the reader sees, from the top down."""
    units = list(
        Unit.objects.filter(
            within(reader, Permission.TRAINING_VIEW, field=""), path__startswith=module.unit.path
        ).order_by("depth", "path")
    )
    people = asked_people(module).filter(unit__in=units)
    own = Grant.objects.in_force().filter(person=OuterRef("pk"), unit=OuterRef("unit"), role__in=responsible_roles())
    rows = people.annotate(leads=Exists(own), has=_has(module)).order_by().values_list("unit", "leads", "has")
    counts: dict[int, dict[tuple[bool, bool], int]] = {}
    for unit, leads, has, number in rows.annotate(n=Count("pk")):
        counts.setdefault(unit, {})[leads, has] = number
    return [_completed(module, unit, counts[unit.pk]) for unit in units if unit.pk in counts]


def _completed(module: TrainingModule, unit: Unit, counts: dict[tuple[bool, bool], int]) -> Completed:
    leaders_done = counts.get((True, True), 0)
    leaders = leaders_done + counts.get((True, False), 0)
    done = leaders_done + counts.get((False, True), 0)
    level = (len(unit.path) - len(module.unit.path)) // STEP + 1
    return Completed(unit, level, sum(counts.values()), done, leaders, leaders_done)


def levels(rows: list[Completed]) -> list[Level]:
    """The figure: from the top down."""
    found: list[Level] = []
    waits = False
    for level in sorted({row.level for row in rows}):
        here = [row for row in rows if row.level == level]
        sums = {name: sum(getattr(row, name) for row in here) for name in ("asked", "done", "leaders", "leaders_done")}
        found.append(Level(level, waits=waits, **sums))
        waits = waits or sums["leaders_done"] < sums["leaders"]
    return found


def people_of(module: TrainingModule, unit: Unit) -> QuerySet[Person]:
    """People of `unit` who are asked, each with `has`, whether they have a valid certificate."""
    return asked_people(module).filter(unit=unit).annotate(has=_has(module)).order_by("pk")


def _has(module: TrainingModule) -> Exists:
    return Exists(Certificate.objects.filter(valid_now(), module=module, person=OuterRef("pk")))


# ---- What waits -----------------------------------------------------------------------------------------------------
def waiting_for(person: Person) -> Iterator[Waiting]:
    """What keeps the person from publishing, or will be said when they do, and trainings that are asked of them."""
    told: set[str] = set()
    for lack in lacks_anywhere(person):
        told.add(lack.url)
        stops = _("This stops you from publishing") if lack.is_required else _("You are warned of it when you publish")
        yield Waiting(str(lack.sentence), stops, lack.url, _("Do it now"), weight=3 if lack.is_required else 1)
    for module in asked_of(person):
        url = reverse("organisation:training_detail", args=[module.pk])
        if url not in told:
            yield Waiting(module.name, _("A training that is asked of you"), url, _("Take this training"))
    yield from _expiring(person)


def ending_certificates() -> QuerySet[Certificate]:
    """Valid ones that expire soon, of trainings that are given, and that no later one takes the place of."""
    same = Certificate.objects.filter(person=OuterRef("person"), module=OuterRef("module"))
    later = same.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Now() + SOON))
    ending = Certificate.objects.filter(expires_at__gt=Now(), expires_at__lte=Now() + SOON)
    return ending.filter(~Exists(later), module__ended_at__isnull=True)


def _expiring(person: Person) -> Iterator[Waiting]:
    for one in ending_certificates().filter(person=person).select_related("module__unit").order_by("pk"):
        url = reverse("organisation:training_detail", args=[one.module_id])
        said = _("Your certificate of it expires soon")
        yield Waiting(one.module.name, said, url, _("Take this training again"), due_at=one.expires_at)
