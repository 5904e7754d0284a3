"""What people hold in force: by grants of their own, and by those in whose place they stand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db import models

from organisation.models.delegation import Delegation
from organisation.models.grant import Grant
from organisation.prepared import Prepared, Slot, numbers

# Person, role, path of its unit; and who is on the other side of a delegation, None for a grant of one's own. Whoever
# delegated something has it named too, without a role: they and their stand-in are one wherever two are asked for.
Held = tuple[int, str, str, int | None]


def held_by(people: Iterable[int]) -> list[Held]:
    """Everything in force of these people, in one query."""
    return _held_by()(people=numbers(people))


@cache
def _held_by() -> Prepared[Grant, Held]:
    people, nobody = Slot("people", models.BigIntegerField()), models.Value(None, models.BigIntegerField(null=True))
    none = models.Value("", models.CharField())
    own = Grant.objects.in_force().filter(person__in=people).values_list("person_id", "role", "unit__path", nobody)
    lent = Delegation.objects.in_force().filter(delegate__in=people)
    given = Delegation.objects.in_force().filter(grant__person__in=people)
    rows = own.union(
        lent.values_list("delegate_id", "grant__role", "grant__unit__path", "grant__person_id"),
        given.values_list("grant__person_id", none, none, "delegate_id"),
        all=True,
    )
    return Prepared(rows)
