"""Who asks, and what of theirs they look at."""

from __future__ import annotations

from django.http import HttpRequest

from organisation.models import Person, Unit
from organisation.queries import visible_units


def asker(request: HttpRequest) -> Person:
    """The person behind a request that login_required let through."""
    assert isinstance(request.user, Person)
    return request.user


def chosen_path(request: HttpRequest) -> str:
    """Path of the unit that the person narrowed their lists to; empty for all of theirs."""
    chosen = request.session.get("unit")
    if not chosen:
        return ""
    unit: Unit | None = visible_units(asker(request)).filter(pk=chosen).first()
    return unit.path if unit else ""
