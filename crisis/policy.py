"""What stands in the way in a crisis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crisis.enums import CRISIS_LIFECYCLE
from crisis.models import Crisis
from crisis.queries import freeze_of
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries.units import comes_from

DECLARED_ABOVE = _("This was declared further up than your role reaches: it is ended there.")


def may_end(person: Person, crisis: Crisis) -> bool:
    """True when `person` leads from where it was declared, or above."""
    return policy.allows(person, Permission.CRISIS_LEAD, crisis.declared_from or crisis.unit)


def declared_from(person: Person, unit: Unit) -> Unit:
    """The highest unit from which the right of `person` to lead in `unit` reaches there."""
    return comes_from(person, Permission.CRISIS_LEAD, unit)


@CRISIS_LIFECYCLE.guard("freeze_is_decided")
def freeze_is_decided(crisis: Crisis, by: Any) -> Iterator[str | Promise]:
    if not may_end(by, crisis):
        yield DECLARED_ABOVE
    if freeze_of(crisis) is not None:
        yield _("Publishing is still frozen for this. Lift the freeze first.")
