"""What somebody may do in a unit, permission by permission, and why: each answer is that of `organisation.policy`.

The grounds are found apart from it, in the grants and in how services share what they see: the two never disagree
(tests/organisation/test_rights.py).
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation import policy
from organisation.enums import GovernanceModel, Permission
from organisation.governance import MODELS, SHARED, Accounts, Rights, Sight
from organisation.models import Delegation, Grant, Person, Unit
from organisation.queries.authority import reaches_beyond
from organisation.queries.units import STEP, model_of, models_of, roles_to_give, shared_from
from organisation.roles import ROLES, holding, needs_confirmation

MOST_NAMES = 5  # of those who might give what is missing
RIGHTS = {
    Rights.CENTRE: _("The centre alone gives roles here."),
    Rights.SERVICE_BELOW_CEILING: _(
        "An administrator of the service gives the everyday roles; those that govern people, the committee or a "
        "crisis, and those that read on others, the centre gives."
    ),
    Rights.SERVICE: _("An administrator of the service gives every role; the centre reads along."),
}
ACCOUNTS = {
    Accounts.COMMITTEE: _("The committee decides on a new account."),
    Accounts.COMMITTEE_CONSULTS_SERVICES: _(
        "The committee decides on a new account, after the services concerned were heard."
    ),
    Accounts.COMMITTEE_MAY_DELEGATE: _("The committee decides on a new account."),
}
SIGHT = {
    Sight.NOBODY_ELSE: _(
        "What is done here is seen by whoever has a role here or in a unit above, and by nobody else."
    ),
    Sight.ALL_SERVICES: _(
        "Services that are governed so see each other's accounts, posts, conversations and freezes; not each other's "
        "people, nor each other's audit trail."
    ),
}


@dataclass(frozen=True)
class Ground:
    """Why somebody may: by this grant, which reaches here, or `shared`, since services here see each other; `lent` is
    by what its holder lent it to them, where it is not their own."""

    grant: Grant
    shared: bool = False
    lent: Delegation | None = None


@dataclass(frozen=True)
class Offer:
    """What would be enough: a role in a unit, and who may give it there; where it `takes_two`, another one confirms."""

    role: str
    unit: Unit
    givers: tuple[Person, ...]

    @property
    def label(self) -> str | Promise:
        return ROLES[self.role].label

    @property
    def takes_two(self) -> bool:
        return needs_confirmation(self.role)


@dataclass(frozen=True)
class Right:
    """One permission, as the person has it in the unit. `against` says what stands in the way of who holds it,
    `rules` what it asks for of each single thing; `waiting` and `over` are grants that would give it, and do not."""

    permission: Permission
    allowed: bool
    grounds: tuple[Ground, ...] = ()
    against: str | Promise | None = None
    rules: tuple[str | Promise, ...] = ()
    waiting: tuple[Grant, ...] = ()
    over: tuple[Grant, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass
class RightsHere:
    """All of them in one unit, and how it is governed. `gives`: the roles that the person gives there."""

    person: Person
    unit: Unit
    model: GovernanceModel
    rights: list[Right] = field(default_factory=list)
    gives: list[str | Promise] = field(default_factory=list)

    @property
    def allowed(self) -> int:
        return sum(one.allowed for one in self.rights)

    @property
    def sentences(self) -> list[str | Promise]:
        """What the governance model means for accounts, roles and sight."""
        how = MODELS[self.model]
        return [ACCOUNTS[how.accounts], RIGHTS[how.rights], SIGHT[how.sight]]


def rights_in(person: Person, unit: Unit) -> RightsHere:
    """Everything there is to say about `person` in `unit`."""
    told = _Telling(person, unit)
    given = roles_to_give(person, unit) if person.is_active else frozenset()
    return RightsHere(
        person=person,
        unit=unit,
        model=model_of(unit),
        rights=[told.right(permission) for permission in Permission],
        gives=[role.label for key, role in ROLES.items() if key in given],
    )


def grounds(person: Person, held: list[Ground], permission: Permission, unit: Unit) -> list[Ground]:
    """By which of what they `hold` somebody reaches `unit` with `permission`, conditions apart."""
    enough = [one for one in held if one.grant.role in holding(permission)]
    direct = [one for one in enough if unit.path.startswith(one.grant.unit.path)]
    if direct or permission not in SHARED:
        return direct
    return [replace(one, shared=True) for one in enough if _is_shared(person, one.grant.unit.path, unit.path)]


def _is_shared(person: Person, held_at: str, path: str) -> bool:
    return any(area.takes_in(path) for area in shared_from(person, held_at))


class _Telling:
    """What is read once for all permissions of one person in one unit."""

    def __init__(self, person: Person, unit: Unit) -> None:
        self.person, self.unit = person, unit
        rows = Grant.objects.filter(person=person).select_related("unit", "given_by", "confirmed_by")
        rows = rows.order_by("unit__path", "role")
        lent = Delegation.objects.in_force().filter(delegate=person)
        lent = lent.select_related("grant__unit", "grant__person", "grant__given_by", "grant__confirmed_by")
        held = [Ground(one) for one in rows.in_force()] + [Ground(one.grant, lent=one) for one in lent.order_by("pk")]
        self.held = held if person.is_active else []
        self.waiting = [one for one in rows.proposed() if unit.path.startswith(one.unit.path)]
        self.over = [one for one in rows.lapsed() if not one.is_proposed and unit.path.startswith(one.unit.path)]
        self.root = unit if unit.depth == 1 else Unit.objects.get(path=unit.path[:STEP])
        self.around = models_of({unit.path[:STEP], *(path[:STEP] for _role, path in person.held_grants())})
        self._givers: dict[tuple[str, str], tuple[Person, ...]] = {}

    def right(self, permission: Permission) -> Right:
        allowed = policy.allows(self.person, permission, self.unit)
        found = tuple(grounds(self.person, self.held, permission, self.unit))
        told: dict[str, Any] = {"permission": permission, "allowed": allowed, "grounds": found}
        told["rules"] = tuple(policy.rules_of(permission))
        if allowed or not self.person.is_active:
            return Right(**told)
        keys = holding(permission)
        return Right(
            **told,
            against=policy.against(self.person, permission, self.unit) if found else None,
            waiting=tuple(one for one in self.waiting if one.role in keys),
            over=tuple(one for one in self.over if one.role in keys),
            offers=tuple(self._offers(permission)),
        )

    def _offers(self, permission: Permission) -> list[Offer]:
        """Roles that would be enough here, or else at the top, and that somebody may give."""
        for place in dict.fromkeys((self.unit, self.root)):
            enough = [role for role in holding(permission) if self._would_do(permission, role, place)]
            offers = [Offer(role, place, givers) for role in enough if (givers := self._who_gives(role, place))]
            if offers:
                return offers
        return []

    def _would_do(self, permission: Permission, role: str, place: Unit) -> bool:
        """Asked of the policy itself, about somebody who held that role as well."""
        somebody = copy(self.person)
        somebody._held_grants = [*self.person.held_grants(), (role, place.path)]
        somebody.models_around = self.around
        return policy.allows(somebody, permission, self.unit)

    def _who_gives(self, role: str, place: Unit) -> tuple[Person, ...]:
        if (found := self._givers.get((role, place.path))) is None:
            found = self._givers[role, place.path] = tuple(
                one for one in self._administrators(place) if role in roles_to_give(one, place)
            )[:MOST_NAMES]
        return found

    def _administrators(self, place: Unit) -> list[Person]:
        """Who administers `place`, and covers the person."""
        above = [place.path[:end] for end in range(STEP, len(place.path) + 1, STEP)]
        grants = Grant.objects.in_force().filter(role__in=holding(Permission.PERSON_MANAGE), unit__path__in=above)
        people = Person.objects.filter(pk__in=grants.values("person"), is_active=True).exclude(pk=self.person.pk)
        found = list(people.order_by("name", "pk"))
        Person.read_grants(found)
        return [one for one in found if not reaches_beyond(one, self.person)]
