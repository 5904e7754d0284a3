"""What somebody holds and has in hand, for whoever ends their work here."""

from __future__ import annotations

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.db.models.functions import Now
from django.utils.functional import Promise

from organisation.enums import Permission
from organisation.models import Grant, Person, Recovery, SignInLink, Unit
from organisation.open_work import Thing, WorkKind, registered
from organisation.queries.keys import keys_in_hand
from organisation.queries.units import STEP, reach
from organisation.roles import holding

NOBODY = "-"  # where somebody says that nobody takes a thing over


@dataclass(frozen=True)
class InHand:
    """One thing, as whoever looks may know it, and who may take it over."""

    kind: WorkKind
    thing: Thing
    title: str
    url: str
    takers: tuple[Person, ...]

    @property
    def name(self) -> str:
        """What it is called among all that is in hand."""
        return name_of(self.kind, self.thing)


@dataclass(frozen=True)
class Work:
    """All of one kind."""

    kind: WorkKind
    things: list[InHand]

    @property
    def takers(self) -> list[Person]:
        """Who may take over every one of them."""
        others = [{one.pk for one in held.takers} for held in self.things[1:]]
        return [one for one in self.things[0].takers if all(one.pk in other for other in others)]


@dataclass(frozen=True)
class Held:
    """Everything that ends, or is handed over."""

    grants: list[Grant]
    proposals: list[Grant]
    links: int
    factors: int
    recoveries: int
    keys: int = 0
    work: list[Work] = field(default_factory=list)

    @property
    def things(self) -> list[InHand]:
        return [one for work in self.work for one in work.things]


def name_of(kind: WorkKind, thing: Thing) -> str:
    return f"{kind.key}_{thing.key}"


def everything_in_hand(person: Person) -> list[tuple[WorkKind, Thing]]:
    """Kind by kind, in one order."""
    return [(kind, thing) for kind in registered() for thing in sorted(kind.of(person), key=lambda one: one.key)]


def held_by(person: Person, reader: Person) -> Held:
    """What `person` holds and has in hand, as `reader`, who administers them, may know it."""
    grants = Grant.objects.filter(person=person).select_related("unit", "given_by", "confirmed_by")
    links = SignInLink.objects.filter(person=person, ended_at__isnull=True, until__gt=Now())
    return Held(
        grants=list(grants.in_force().order_by("unit__path", "role")),
        proposals=list(grants.proposed().order_by("unit__path", "role")),
        links=links.count(),
        factors=Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).count(),
        recoveries=Recovery.objects.proposed().filter(person=person).count(),
        keys=keys_in_hand(person).count(),
        work=_work(person, reader),
    )


def _work(person: Person, reader: Person) -> list[Work]:
    takers: dict[tuple[Permission, str], list[Person]] = {}
    found: dict[str, Work] = {}
    for kind, thing in everything_in_hand(person):
        if (able := takers.get((kind.takes, thing.unit.path))) is None:
            able = takers[kind.takes, thing.unit.path] = _able(kind.takes, thing.unit)
        free = tuple(one for one in able if one.pk != person.pk and one.pk not in thing.barred)
        known = any(thing.unit.path.startswith(path) for path in reach(reader, kind.sees))
        title, url = (thing.title, thing.url) if known else (_called(kind.one, thing), "")
        held = InHand(kind, thing, title, url, free)
        found.setdefault(kind.key, Work(kind, [])).things.append(held)
    return list(found.values())


def _called(one: str | Promise, thing: Thing) -> str:
    return f"{one} {thing.key} · {thing.unit.name}"


def _able(permission: Permission, unit: Unit) -> list[Person]:
    """Active people, no service accounts, who hold `permission` there by a grant of their own, by name."""
    above = [unit.path[:end] for end in range(STEP, len(unit.path) + 1, STEP)]
    grants = Grant.objects.in_force().filter(role__in=holding(permission), unit__path__in=above)
    people = Person.objects.filter(is_active=True, responsible__isnull=True, pk__in=grants.values("person"))
    return list(people.order_by("name", "pk"))
