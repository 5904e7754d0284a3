"""House policies: which binds whom, who sees which, what units say of one that is in the making, and who attested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.enums import Permission
from organisation.house_policy import OPEN, AnswerKind, PolicyState
from organisation.models import Person, PolicyAnswer, PolicyAttestation, PolicyVersion, Unit
from organisation.queries.authority import same_hand
from organisation.queries.paging import Keyset
from organisation.queries.units import areas, paths_above, reach, within
from organisation.queries.waiting import Waiting

LATEST_FIRST = Keyset("", size=30)
PEOPLE = Keyset("", size=50, newest_first=False)
WHOLE = ("unit", "started_by")


# ---- Which binds whom -----------------------------------------------------------------------------------------------
def policy_of(unit: Unit) -> PolicyVersion | None:
    """The one in force that binds `unit`: its own, or that of the nearest unit above that has one."""
    return policies_of([unit]).get(unit.pk)


def policies_of(units: Iterable[Unit]) -> dict[int, PolicyVersion]:
    """By the key of the unit, the one that binds it; one query, whatever their number."""
    asked = list(units)
    above = {path for unit in asked for path in paths_above(unit.path)}
    found = PolicyVersion.objects.filter(state=PolicyState.PUBLISHED, unit__path__in=above).select_related("unit")
    own = {version.unit.path: version for version in found}
    return {unit.pk: own[nearest] for unit in asked if (nearest := nearest_of(unit.path, own))}


def nearest_of(path: str, paths: Iterable[str]) -> str:
    """Of `paths`, the longest one at or above `path`; empty for none."""
    return max((one for one in paths if path.startswith(one)), key=len, default="")


def bound_units(version: PolicyVersion) -> QuerySet[Unit]:
    """Those that it binds, or will: its unit and all below, but for those with a policy of their own in force."""
    place = version.unit.path
    below = PolicyVersion.objects.filter(state=PolicyState.PUBLISHED, unit__path__startswith=place)
    found = Unit.objects.filter(path__startswith=place)
    for path in below.exclude(unit=version.unit_id).values_list("unit__path", flat=True):
        found = found.exclude(path__startswith=path)
    return found.order_by("path")


def visible_policies(person: Person) -> QuerySet[PolicyVersion]:
    """What is, or was, in force, or about which units are asked: of the units above the reader's own and those where
    they hold a role, and of all below the latter. What is only drafted: for who writes or approves there."""
    held = {path for _role, path in person.held_grants()}
    own = Unit.objects.filter(pk=person.unit_id).values_list("path", flat=True)
    above = {one for path in {*held, *own} for one in paths_above(path)}
    here = Q(unit__path__in=above)
    for path in held:
        here |= Q(unit__path__startswith=path)
    writes = within(person, Permission.POLICY_WRITE) | within(person, Permission.POLICY_APPROVE)
    draft = Q(state=PolicyState.DRAFT) | Q(state=PolicyState.WITHDRAWN, published_at__isnull=True)
    return PolicyVersion.objects.filter((here & ~draft) | writes).select_related(*WHOLE)


def before(version: PolicyVersion) -> PolicyVersion | None:
    """What was in force in its unit before it."""
    earlier = PolicyVersion.objects.filter(unit=version.unit_id, number__lt=version.number, published_at__isnull=False)
    return earlier.order_by("-number").first()


# ---- What units say -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """A unit that is bound, and the latest that was answered for it. `agrees`: a yes to exactly what stands now."""

    unit: Unit
    answer: PolicyAnswer | None
    agrees: bool


def standing(version: PolicyVersion) -> list[Standing]:
    answers: dict[int, PolicyAnswer] = {}
    told = PolicyAnswer.objects.filter(version=version).exclude(kind=AnswerKind.COMMENT)
    for answer in told.select_related("by").order_by("pk"):
        answers[answer.unit_id] = answer
    return [_standing(version, unit, answers.get(unit.pk)) for unit in bound_units(version)]


def _standing(version: PolicyVersion, unit: Unit, answer: PolicyAnswer | None) -> Standing:
    is_yes = answer is not None and answer.kind == AnswerKind.YES
    return Standing(unit, answer, is_yes and answer is not None and answer.content_hash == version.content_hash)


def without_yes(version: PolicyVersion) -> list[Unit]:
    """Units that did not answer, asked for a change, or said yes to another text."""
    return [one.unit for one in standing(version) if not one.agrees]


def against_answering(person: Person, version: PolicyVersion) -> str | None:
    """Why `person`, who approves for a unit, does not say yes to this version; None where they may."""
    if any(same_hand(person, editor) for editor in version.editors.all()):
        return _("You wrote this text, or count as who did: somebody else answers for the unit.")
    return None


def units_to_answer_for(person: Person, version: PolicyVersion) -> list[Unit]:
    """Bound units for which `person` approves policies."""
    return list(bound_units(version).filter(within(person, Permission.POLICY_APPROVE, field="")))


# ---- Who attested ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Attested:
    """Of the people of a unit, how many are asked, and how many attested the version as it stands."""

    unit: Unit
    asked: int
    done: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.asked if self.asked else 100


def attestations(version: PolicyVersion, reader: Person) -> list[Attested]:
    """By unit, of those whose trainings and attestations the reader sees; units without people are left out."""
    units = bound_units(version).filter(within(reader, Permission.TRAINING_VIEW, field=""))
    rows = asked_people(version).filter(unit__in=units).order_by().values_list("unit")
    done = Count("pk", filter=has_attested(version))
    counts = {unit: (asked, signed) for unit, asked, signed in rows.annotate(asked=Count("pk"), done=done)}
    return [Attested(unit, *counts[unit.pk]) for unit in units if unit.pk in counts]


def asked_people(version: PolicyVersion) -> QuerySet[Person]:
    """Active people of the units that it binds; no programs."""
    return Person.objects.filter(is_active=True, responsible__isnull=True, unit__in=bound_units(version))


def has_attested(version: PolicyVersion) -> Exists:
    signed = PolicyAttestation.objects.filter(version=version, content_hash=version.content_hash)
    return Exists(signed.filter(person=OuterRef("pk")))


def attestation_of(person: Person, version: PolicyVersion) -> PolicyAttestation | None:
    """Theirs, of exactly what stands now."""
    return PolicyAttestation.objects.filter(person=person, version=version, content_hash=version.content_hash).first()


def binding(person: Person) -> PolicyVersion | None:
    """The version that binds the person's own unit, with `attested_at`: when they attested it, None where they did not.
    One query, whatever is known of their unit."""
    own = Unit.objects.filter(pk=person.unit_id).values("path")
    signed = PolicyAttestation.objects.filter(
        person=person, version=OuterRef("pk"), content_hash=OuterRef("content_hash")
    )
    found = PolicyVersion.objects.filter(state=PolicyState.PUBLISHED).annotate(
        place=Subquery(own), attested_at=Subquery(signed.values("attested_at")[:1])
    )
    here = found.filter(place__startswith=F("unit__path")).select_related("unit")
    return here.order_by(Length("unit__path").desc()).first()


# ---- What waits -----------------------------------------------------------------------------------------------------
def waiting_for(person: Person) -> Iterator[Waiting]:
    """A version to attest, and versions about which a unit of the person is asked."""
    version = binding(person)
    if version is not None and getattr(version, "attested_at", None) is None:
        yield _to_attest(version)
    if reach(person, Permission.POLICY_APPROVE):
        yield from _to_answer(person)


def _to_attest(version: PolicyVersion) -> Waiting:
    return Waiting(
        str(version),
        _("Read it, and say that you have"),
        reverse("organisation:policy_detail", args=[version.pk]),
        _("Read the house policy"),
        due_at=version.grace_ends,
        weight=1,
    )


def _to_answer(person: Person) -> Iterator[Waiting]:
    asked = PolicyVersion.objects.filter(state=PolicyState.IN_CONSULTATION).select_related("unit")
    for version in asked.exclude(editors=person).order_by("pk"):
        mine = [one for one in standing(version) if not one.agrees and _is_theirs(person, one.unit)]
        if mine:
            yield Waiting(
                str(version),
                _("%(n)d units that you answer for have not said yes to it") % {"n": len(mine)},
                reverse("organisation:policy_detail", args=[version.pk]),
                _("Read it and answer"),
                weight=2,
            )


def _is_theirs(person: Person, unit: Unit) -> bool:
    return any(area.takes_in(unit.path) for area in areas(person, Permission.POLICY_APPROVE))


def open_version(unit: Unit) -> PolicyVersion | None:
    """The one that is in the making there."""
    return PolicyVersion.objects.filter(unit=unit, state__in=OPEN).first()
