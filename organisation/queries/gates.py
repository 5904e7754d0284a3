"""What a unit asks of whoever publishes in its name, who lacks it, and whom another gate would stop.

Both gates are inherited on their own: of each, the nearest unit above that says something says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.clock import database_now
from organisation.enums import Permission
from organisation.models import (
    Certificate,
    Delegation,
    Grant,
    Person,
    PolicyAttestation,
    PolicyVersion,
    PublishingGate,
    TrainingModule,
    Unit,
)
from organisation.queries.house_policy import nearest_of, policies_of
from organisation.queries.units import paths_above
from organisation.roles import holding
from organisation.sentences import Sentence
from organisation.training import GateLevel

# The human acts that a gate stands before.
PUBLISHES = (Permission.POST_SCHEDULE, Permission.ANSWER_WRITE)
_ATTEST = _("%(name)s has not attested the house policy of %(unit)s. Read it and attest it, then publish.")
_ATTEST_YOURSELF = _("You have not attested the house policy of %(unit)s. Read it and attest it, then publish.")
_TRAIN = _("%(name)s has no valid certificate of the training “%(training)s”, which %(unit)s asks for.")
_TRAIN_YOURSELF = _("You have no valid certificate of the training “%(training)s”, which %(unit)s asks for.")


@dataclass(frozen=True)
class Asks:
    """What is asked for in one place. `policy_from` and `training_from` are the units that say so, None for nobody."""

    policy: str = GateLevel.OFF
    training: str = GateLevel.OFF
    module: TrainingModule | None = None
    policy_from: Unit | None = None
    training_from: Unit | None = None


@dataclass(frozen=True)
class Lack:
    """One thing that somebody lacks to publish somewhere, and where they do it now."""

    code: str
    is_required: bool
    sentence: Sentence
    url: str


Gates = dict[str, PublishingGate]  # by the unit's path


def asked_in(path: str, gates: Gates) -> Asks:
    """What is asked for at `path`, by the gates of the units at and above it: the nearest says."""
    policy = nearest_of(path, (one for one, gate in gates.items() if gate.policy))
    training = nearest_of(path, (one for one, gate in gates.items() if gate.training))
    asks = Asks()
    if policy:
        asks = replace(asks, policy=gates[policy].policy, policy_from=gates[policy].unit)
    if training:
        told = gates[training]
        asks = replace(asks, training=told.training, module=told.module, training_from=told.unit)
    return asks


def gates_over(units: Iterable[Unit]) -> Gates:
    """Those of the units at and above `units`."""
    above = {path for unit in units for path in paths_above(unit.path)}
    found = PublishingGate.objects.filter(unit__path__in=above).select_related("unit", "module__unit")
    return {gate.unit.path: gate for gate in found}


def asked_of(unit: Unit) -> Asks:
    return asked_in(unit.path, gates_over([unit]))


# ---- Who lacks it ---------------------------------------------------------------------------------------------------
def publisher(person: Person) -> Person:
    """Whom a gate looks at: of a program, who answers for it."""
    return person.responsible or person


def lacks(person: Person, unit: Unit) -> list[Lack]:
    """What `person` lacks to publish in the name of `unit`; one query where it asks for nothing."""
    gates = gates_over([unit])
    return list(_lacks_in(person, [unit], gates)) if gates else []


def lacks_anywhere(person: Person) -> list[Lack]:
    """Likewise of every unit in whose name the person publishes: each thing once, as strictly as it is asked for."""
    paths = {path for role, path in person.held_grants() if role_publishes(role)}
    if not paths:
        return []
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(unit__path__startswith=path)
    above = Q(unit__path__in={one for path in paths for one in paths_above(path)})
    found = PublishingGate.objects.filter(below | above).select_related("unit", "module__unit")
    gates = {gate.unit.path: gate for gate in found}
    if not gates:
        return []
    there = Q(path__in=paths) | Q(path__in=[one for one in gates if one.startswith(tuple(paths))])
    strictest: dict[str, Lack] = {}
    for lack in _lacks_in(person, list(Unit.objects.filter(there)), gates):
        known = strictest.get(lack.url)
        if known is None or (lack.is_required and not known.is_required):
            strictest[lack.url] = lack
    return list(strictest.values())


def role_publishes(role: str) -> bool:
    return any(role.partition("&")[0] in holding(permission) for permission in PUBLISHES)


def _lacks_in(person: Person, units: list[Unit], gates: Gates) -> Iterator[Lack]:
    who = publisher(person)
    asked = [(unit, asks) for unit in units if _asks_something(asks := asked_in(unit.path, gates))]
    if not asked:
        return
    known = _Known([who], [unit for unit, _asks in asked], [asks.module for _unit, asks in asked])
    for unit, asks in asked:
        if known.lacks_policy(who, unit, asks):
            yield _policy_lack(person, who, known.policies[unit.pk], asks)
        if known.lacks_training(who, asks):
            yield _training_lack(person, who, asks)


def _asks_something(asks: Asks) -> bool:
    return asks.policy != GateLevel.OFF or asks.training != GateLevel.OFF


class _Known:
    """What is read once of several people and units: which policy binds, who attested it, who has which certificate."""

    def __init__(self, people: list[Person], units: list[Unit], modules: Iterable[TrainingModule | None]) -> None:
        self.policies = policies_of(units)
        self.now = database_now()
        versions = {version.pk for version in self.policies.values()}
        signed = PolicyAttestation.objects.filter(version__in=versions, person__in=people)
        self.signed = set(signed.values_list("person_id", "version_id", "content_hash")) if versions else set()
        asked = {module.pk for module in modules if module is not None}
        valid = Certificate.objects.filter(valid_now(), module__in=asked, person__in=people)
        self.valid = set(valid.values_list("person_id", "module_id")) if asked else set()

    def lacks_policy(self, who: Person, unit: Unit, asks: Asks) -> bool:
        """In the days of grace nobody lacks it."""
        version = self.policies.get(unit.pk)
        if asks.policy == GateLevel.OFF or version is None or (who.pk, version.pk, version.content_hash) in self.signed:
            return False
        return version.grace_ends is not None and version.grace_ends <= self.now

    def lacks_training(self, who: Person, asks: Asks) -> bool:
        return asks.module is not None and (who.pk, asks.module.pk) not in self.valid


def valid_now() -> Q:
    """A condition on certificates."""
    return Q(expires_at__isnull=True) | Q(expires_at__gt=Now())


def _policy_lack(person: Person, who: Person, version: PolicyVersion, asks: Asks) -> Lack:
    words: str | Promise = _ATTEST_YOURSELF if who.pk == person.pk else _ATTEST
    facts = {"unit": version.unit.name} | ({} if who.pk == person.pk else {"name": who.name})
    return Lack(
        "policy_not_attested",
        asks.policy == GateLevel.REQUIRE,
        Sentence(words, **facts),
        reverse("organisation:policy_detail", args=[version.pk]),
    )


def _training_lack(person: Person, who: Person, asks: Asks) -> Lack:
    assert asks.module is not None
    assert asks.training_from is not None
    words: str | Promise = _TRAIN_YOURSELF if who.pk == person.pk else _TRAIN
    facts = {"training": asks.module.name, "unit": asks.training_from.name}
    facts |= {} if who.pk == person.pk else {"name": who.name}
    return Lack(
        "training_not_valid",
        asks.training == GateLevel.REQUIRE,
        Sentence(words, **facts),
        reverse("organisation:training_detail", args=[asks.module.pk]),
    )


# ---- Whom another gate would stop -----------------------------------------------------------------------------------
def stopped_by(unit: Unit, policy: str, training: str, module: TrainingModule | None) -> list[Person]:
    """Whoever publishes in the name of `unit`, or of one below that says nothing itself, and would be stopped there if
    the unit asked for this; by name. Programs count as who answers for them."""
    below = list(Unit.objects.filter(path__startswith=unit.path).order_by("path"))
    gates = gates_over(below)
    gates[unit.path] = PublishingGate(unit=unit, policy=policy, training=training, module=module)
    asked = {
        one.pk: asks
        for one in below
        if GateLevel.REQUIRE in ((asks := asked_in(one.path, gates)).policy, asks.training)
    }
    there = [one for one in below if one.pk in asked]
    people = _publishers(unit)
    known = _Known(people, there, [asks.module for asks in asked.values()])
    found = [
        who for who in people if any(_is_stopped(known, who, one, asked[one.pk]) for one in there if _reaches(who, one))
    ]
    return sorted(found, key=lambda who: (who.name, who.pk))


def token_of(people: Iterable[Person], policy: str, training: str, module: TrainingModule | None) -> str:
    """Stands for this gate and exactly these people: whoever agrees to it sends it back."""
    told = (sorted(one.pk for one in people), policy, training, module.pk if module else None)
    return sha256(repr(told).encode()).hexdigest()[:32]


def _is_stopped(known: _Known, who: Person, unit: Unit, asks: Asks) -> bool:
    if asks.policy == GateLevel.REQUIRE and known.lacks_policy(who, unit, asks):
        return True
    return asks.training == GateLevel.REQUIRE and known.lacks_training(who, asks)


def _reaches(who: Person, unit: Unit) -> bool:
    return any(unit.path.startswith(path) for path in _paths(who))


def _paths(who: Person) -> set[str]:
    found: set[str] = getattr(who, "publishing_paths", set())
    return found


def _publishers(unit: Unit) -> list[Person]:
    """People, each with `publishing_paths`: where they publish by a role of their own or one lent to them, or a program
    that they answer for does."""
    roles = {role for permission in PUBLISHES for role in holding(permission)}
    place = Q(unit__path__startswith=unit.path) | Q(unit__path__in=paths_above(unit.path))
    grants = Grant.objects.filter(place, role__in=roles)
    held = Q(pk__in=grants.in_force().values("person"))
    lent = Q(pk__in=Delegation.objects.in_force().filter(grant__in=grants).values("delegate"))
    people = list(Person.objects.filter(held | lent, is_active=True).select_related("responsible"))
    Person.read_grants(people)
    found: dict[int, Person] = {}
    for person in people:
        who = found.setdefault(publisher(person).pk, publisher(person))
        paths = {path for role, path in person.held_grants() if role_publishes(role)}
        who.publishing_paths = _paths(who) | paths  # type: ignore[attr-defined]
    return list(found.values())
