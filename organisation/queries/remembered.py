"""What every page asks for its reader, built once as long as their rights stand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet

from organisation.models import Person
from organisation.prepared import Prepared
from organisation.queries.units import rights_of

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

KEPT = 300  # rights of readers and ways to narrow, of one question in a process
ANYBODY = 2**62 + 1  # no row's key; what is asked about it is asked about whoever reads
_KNOWN = ("id", "unit_id", "is_active", "responsible_id")


def for_each_reader(build: Callable[..., QuerySet[M, Row]]) -> Callable[..., list[Row]]:
    """The rows of `build`, asked for at each call (`ask(person, *narrowed, **slots)`); built and compiled once for all
    who may the same (`rights_of`), however many they are, and for each way to narrow.

    `build` is given somebody who stands for all of them: their key and what is in `rights_of`, nothing else; and how
    the rows are narrowed, in values that make a key of a dict. It asks the database nothing itself, and knows no clock
    but the database's. What differs at each call belongs into a `Slot`.
    """
    kept: dict[Hashable, Prepared[M, Row] | None] = {}

    @wraps(build)
    def ask(person: Person, *narrowed: Hashable, **slots: Any) -> list[Row]:
        asked = rights_of(person), *narrowed
        try:
            question = kept[asked]  # looked for once: another thread may clear them meanwhile
        except KeyError:
            if len(kept) >= KEPT:
                kept.clear()
            like = next(filter(None, list(kept.values())), None)
            question = kept[asked] = _prepared(build(_anybody(person), *narrowed), like=like)
        return question(reader=person.pk, **slots) if question else []

    return ask


def _prepared(rows: QuerySet[M, Row], *, like: Prepared[M, Row] | None) -> Prepared[M, Row] | None:
    """None where nothing can be found, whatever the database holds."""
    if not all(isinstance(one, str) for one in rows._prefetch_related_lookups):  # type: ignore[attr-defined]
        raise TypeError("rows prefetched by conditions of their own are not the same for all readers")
    try:
        made = Prepared(rows, like=like)
    except EmptyResultSet:
        return None
    made.replace(ANYBODY, "reader")
    return made


def _anybody(person: Person) -> Person:
    """Whoever may the same as `person`. Of the rest nothing is there: whoever asks for it looks for a row without one,
    and fails."""
    somebody = Person(id=ANYBODY, unit_id=person.unit_id, is_active=person.is_active)
    for field in Person._meta.concrete_fields:
        if field.attname not in _KNOWN:
            del somebody.__dict__[field.attname]
    if Person._meta.get_field("unit").is_cached(person):
        somebody.unit = person.unit
    somebody._held_grants, somebody.models_around = person.held_grants(), person.models_around
    return somebody
