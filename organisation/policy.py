"""Who may do which verb to which noun. Nothing else mentions roles; the default is no.

A room adds conditions to a permission with predicates that combine:
`condition(Permission.POST_APPROVE, ~is_author)`.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rules.predicates import Predicate, predicate

from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries.units import reach


class InUnit(Protocol):
    """Whatever stands in a unit."""

    @property
    def unit(self) -> Unit: ...


_CONDITIONS: dict[Permission, Predicate] = {}


def condition(permission: Permission, extra: Predicate) -> None:
    """Adds `extra(person, thing)` to what `permission` asks for on a thing."""
    held = _CONDITIONS.get(permission)
    _CONDITIONS[permission] = extra if held is None else held & extra


def allows(person: Any, permission: Permission, thing: InUnit) -> bool:
    """True when `person` may do `permission` to `thing`: a grant reaches its unit, and every condition holds."""
    if not isinstance(person, Person) or not person.is_active:
        return False
    if not any(thing.unit.path.startswith(path) for path in reach(person, permission)):
        return False
    extra = _CONDITIONS.get(permission)
    return extra is None or bool(extra.test(person, thing))


def allows_anywhere(person: Any, permission: Permission) -> bool:
    """True when there is some unit in which `person` holds `permission`: enough to offer a page, never to act."""
    return isinstance(person, Person) and person.is_active and bool(reach(person, permission))


def require(person: Any, permission: Permission, thing: InUnit) -> None:
    """Raises PermissionDenied (403) where `allows` says no. Out of sight is the business of `visible_to`."""
    if not allows(person, permission, thing):
        raise _denied(permission)


def require_anywhere(person: Any, permission: Permission) -> None:
    """Raises PermissionDenied (403) for who holds `permission` nowhere: the door of a list, or of a new thing."""
    if not allows_anywhere(person, permission):
        raise _denied(permission)


def _denied(permission: Permission) -> PermissionDenied:
    return PermissionDenied(_("Your role here does not allow this: %(what)s.") % {"what": permission.label})


@predicate
def is_self(person: Person, thing: object) -> bool:
    return bool(getattr(thing, "pk", None) == person.pk and isinstance(thing, Person))


# Nobody suspends or promotes themselves.
condition(Permission.PERSON_MANAGE, ~is_self)
