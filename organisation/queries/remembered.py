"""What every page asks for its reader, built once as long as their rights stand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet

from organisation.models import Person
from organisation.prepared import Prepared
from organisation.queries.units import rights_of

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

KEPT = 1000  # readers of one question in a process


def for_each_reader(build: Callable[[Person], QuerySet[M, Row]]) -> Callable[[Person], list[Row]]:
    """The rows of `build`, asked for at each call; built and compiled once for all that a person may (`rights_of`).

    Of the person `build` may use nothing else, it asks the database nothing itself, and knows no clock but the
    database's.
    """
    kept: dict[Hashable, Prepared[M, Row] | None] = {}

    @wraps(build)
    def ask(person: Person) -> list[Row]:
        rights = rights_of(person)
        if rights not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[rights] = _prepared(build(person))
        question = kept[rights]
        return question() if question else []

    return ask


def _prepared(rows: QuerySet[M, Row]) -> Prepared[M, Row] | None:
    """None where nothing can be found, whatever the database holds."""
    try:
        return Prepared(rows)
    except EmptyResultSet:
        return None
