"""Who asks, and what of theirs they look at."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.policy import allows_anywhere
from organisation.queries import visible_units


def asker(request: HttpRequest) -> Person:
    """The person behind a request that login_required let through."""
    assert isinstance(request.user, Person)
    return request.user


def require_anywhere(request: HttpRequest, permission: Permission) -> None:
    """Raises PermissionDenied (403) for who holds `permission` nowhere: a list that could only be empty."""
    if not allows_anywhere(asker(request), permission):
        raise PermissionDenied


def chosen_path(request: HttpRequest) -> str:
    """Path of the unit that the person narrowed their lists to; empty for all of theirs."""
    chosen = request.session.get("unit")
    if not chosen:
        return ""
    unit: Unit | None = visible_units(asker(request)).filter(pk=chosen).first()
    return unit.path if unit else ""
