"""Who may do which verb to which noun. Nothing else mentions roles; the default is no.

A room adds conditions to a permission with predicates that combine:
`condition(Permission.POST_APPROVE, ~is_author)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rules.predicates import Predicate, predicate

from organisation import audit, locks
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.queries.authority import reaches_beyond
from organisation.queries.units import areas, reach, roles_to_give
from organisation.roles import MACHINES_MAY, ROLES


class InUnit(Protocol):
    """Whatever stands in a unit."""

    @property
    def unit(self) -> Unit: ...


_CONDITIONS: dict[Permission, list[tuple[Predicate, str | Promise]]] = {}
_RULES: dict[Permission, list[str | Promise]] = {}


def condition(permission: Permission, extra: Predicate, why: str | Promise = "", rule: str | Promise = "") -> None:
    """Adds `extra(person, thing)` to what `permission` asks for on a thing; `why` is said where it alone is missing,
    `rule` where somebody asks beforehand what the permission takes."""
    _CONDITIONS.setdefault(permission, []).append((extra, why))
    if rule:
        _RULES.setdefault(permission, []).append(rule)


def rules_of(permission: Permission) -> list[str | Promise]:
    """What `permission` asks for of the single thing, besides a role: four eyes and the like."""
    return _RULES.get(permission, [])


Lender = Callable[[Person, Permission, Any], bool]
_LENDERS: list[Lender] = []


def lender(names: Lender) -> Lender:
    """Registers a room's word that somebody may do `permission` to this one thing without a grant over its unit: they
    were asked to. Every condition holds for them too."""
    _LENDERS.append(names)
    return names


def allows(person: Any, permission: Permission, thing: InUnit) -> bool:
    """True when `person` may do `permission` to `thing`: a grant reaches its unit, and every condition holds."""
    if not isinstance(person, Person) or not person.is_active or not _reaches(person, permission):
        return False
    return _holds(person, permission, thing) and _missing(person, permission, thing) is None


def _reaches(person: Person, permission: Permission) -> bool:
    """False where a service account, or the key it bears, never goes so far, whoever may have asked it to."""
    return (reaches := person.reaches) is None or permission in reaches


def _holds(person: Person, permission: Permission, thing: InUnit) -> bool:
    if any(area.takes_in(thing.unit.path) for area in areas(person, permission)):
        return True
    return any(lends(person, permission, thing) for lends in _LENDERS)


def _missing(person: Person, permission: Permission, thing: InUnit) -> str | Promise | None:
    """The sentence of the first condition that does not hold, None where all do."""
    found = (why for extra, why in _CONDITIONS.get(permission, []) if not extra.test(person, thing))
    return next(found, None)


def against(person: Person, permission: Permission, thing: InUnit) -> str | Promise | None:
    """The sentence of the first condition that stands in the way of `person`, whatever their grants; None for none."""
    return _missing(person, permission, thing)


def allows_anywhere(person: Any, permission: Permission) -> bool:
    """True when there is some unit in which `person` holds `permission`: enough to offer a page, never to act."""
    return isinstance(person, Person) and person.is_active and bool(reach(person, permission))


Noted = tuple[str, str, str]  # permission, "app.model", key
_noted: ContextVar[list[Noted] | None] = ContextVar("noted_permissions", default=None)


@contextmanager
def noting() -> Iterator[list[Noted]]:
    """What `require` asks for, and is there, from now on: to ask for the same again later (`require_noted`)."""
    noted: list[Noted] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def require_noted(person: Any, noted: Iterable[Sequence[str]]) -> None:
    """Raises PermissionDenied where `person` no longer may what was noted, Http404 where its thing is gone."""
    for permission, noun, key in noted:
        thing: Any = apps.get_model(noun)._base_manager.filter(pk=key).first()
        if thing is None:
            raise Http404
        require(person, Permission(permission), thing)


def _note(permission: Permission, thing: Any) -> None:
    noted = _noted.get()
    told = thing if thing.pk else thing.unit
    if noted is not None and (one := (permission.value, told._meta.label_lower, str(told.pk))) not in noted:
        noted.append(one)


def look_again(person: Any, thing: object) -> None:
    """Within an act: the rights of `person` as they stand now, unless they were read behind the lock of `thing`, or
    behind all that the act took."""
    if not isinstance(person, Person) or audit.current_act() is None:
        return
    if not (locks.held_before(thing, person.read_as) or locks.behind_all(person.read_as)):
        person.read_rights_anew(locks.next_number())


def require(person: Any, permission: Permission, thing: InUnit) -> None:
    """Raises PermissionDenied (403) where `allows` says no. Out of sight is the business of `visible_to`.

    An act may have waited long for its lock: within one, rights are asked for as they stand behind it.
    """
    look_again(person, thing)
    if allows(person, permission, thing):
        _note(permission, thing)
        return
    if isinstance(person, Person) and not _reaches(person, permission):
        raise PermissionDenied(_beyond_the_key(permission))
    holds = isinstance(person, Person) and person.is_active and _holds(person, permission, thing)
    if holds and (why := _missing(person, permission, thing)):
        raise PermissionDenied(why)
    raise _denied(permission)


def require_anywhere(person: Any, permission: Permission) -> None:
    """Raises PermissionDenied (403) for who holds `permission` nowhere: the door of a list, or of a new thing."""
    if allows_anywhere(person, permission):
        return
    if isinstance(person, Person) and not _reaches(person, permission):
        raise PermissionDenied(_beyond_the_key(permission))
    raise _denied(permission)


def _beyond_the_key(permission: Permission) -> str:
    if permission not in MACHINES_MAY:
        sentence = _("A service account does not do this: %(what)s. A person does it, on a page of Parvis.")
    else:
        sentence = _("This key does not reach so far: %(what)s. Whoever makes keys can make one that does.")
    return sentence % {"what": permission.label}


def _denied(permission: Permission) -> PermissionDenied:
    sentence = _(
        "Your role here does not allow this: %(what)s. Ask an administrator of your unit if your work needs it."
    )
    return PermissionDenied(sentence % {"what": permission.label})


@predicate
def is_self(person: Person, thing: object) -> bool:
    return bool(getattr(thing, "pk", None) == person.pk and isinstance(thing, Person))


@predicate
def covers_the_other(person: Person, thing: object) -> bool:
    """Whoever is acted on, or holds what is acted on, holds nothing where `person` does not administer."""
    other = thing.person if isinstance(thing, Grant) else thing
    return not isinstance(other, Person) or other.pk == person.pk or not reaches_beyond(person, other)


BEYOND = gettext_lazy(
    "This person holds a role beyond the units that you administer. Ask an administrator who reaches as far."
)
# Nobody suspends or promotes themselves, and nobody acts on who reaches beyond them.
condition(Permission.PERSON_MANAGE, ~is_self, rule=gettext_lazy("Of others, never of oneself."))
condition(
    Permission.PERSON_MANAGE,
    covers_the_other,
    why=BEYOND,
    rule=gettext_lazy("Of people who hold nothing beyond the units that one administers."),
)


GIVEN_ABOVE = gettext_lazy("This role is given by the centre here: ask an administrator of the whole organisation.")


def may_give(person: Person, role: str, unit: Unit) -> bool:
    """True when `person` administers `unit`, and gives `role` there by how it is governed."""
    return allows(person, Permission.PERSON_MANAGE, unit) and role in roles_to_give(person, unit)


def require_giving(person: Person, role: str, unit: Unit) -> None:
    """Raises PermissionDenied where `person` does not administer `unit`, or who gives `role` there is the centre."""
    require(person, Permission.PERSON_MANAGE, unit)
    if role in ROLES and role not in roles_to_give(person, unit):
        raise PermissionDenied(GIVEN_ABOVE)


DECIDED_ABOVE = gettext_lazy(
    "By which model a unit is governed, the centre decides: ask an administrator of the whole organisation."
)


def may_govern(person: Person, unit: Unit) -> bool:
    """True when `person` decides by which model `unit` is governed, and so who gives roles there and who sees whom:
    nobody loosens that from below."""
    return allows(person, Permission.UNIT_MANAGE, Unit.objects.get(path=unit.path[: Unit.steplen]))


def require_governing(person: Person, unit: Unit, before: str, after: str) -> None:
    """Raises PermissionDenied where the governance model of `unit` changes and `person` is not of the centre."""
    if before != after and not may_govern(person, unit):
        raise PermissionDenied(DECIDED_ABOVE)


SUSPENDED_ABOVE = gettext_lazy("Suspended further up than your role reaches: the suspension is lifted there.")


def require_cover(person: Person, other: Person) -> None:
    """Raises PermissionDenied where `other` reaches beyond `person`, wherever `other` works."""
    if not covers_the_other.test(person, other):
        raise PermissionDenied(BEYOND)
