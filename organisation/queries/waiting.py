"""What waits for a person, in the one form in which every room tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from organisation.queries.remembered import for_each_reader

M = TypeVar("M", bound=Model)
Text = str | Promise
NEVER = datetime.max.replace(tzinfo=UTC)
ABOVE = _("The first of them stand above.")


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: `act` is the verb on its button, `url` where it is done.

    `due_at` (aware) is when it is late; `weight` orders what has no date or the same: the higher, the sooner.
    `count` is how many things the line stands for, where it stands for the rest of a long list.
    """

    title: Text
    detail: Text
    url: str
    act: Text
    due_at: datetime | None = None
    weight: int = 0
    count: int = 1


class FirstOf(Generic[M]):
    """The first `most` of the ordered rows that `build` gives a reader, and how many others there are."""

    def __init__(self, build: Callable[[Person], QuerySet[M]], *, most: int) -> None:
        self._build, self._most = build, most
        self._first = for_each_reader(lambda person: build(person)[: most + 1])

    def lines(self, person: Person, tell: Callable[[M], Waiting], rest: Callable[[int], Waiting]) -> Iterator[Waiting]:
        """A line for each of the first, and one for all others: `rest` of how many they are."""
        found = self._first(person)
        yield from map(tell, found[: self._most])
        if len(found) > self._most:
            more = self._build(person).order_by().count() - self._most
            yield replace(rest(more), count=more)


def by_urgency(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Heaviest first, then what is due first; what has no date comes after what has one."""
    return sorted(waiting, key=lambda one: (-one.weight, one.due_at or NEVER, str(one.title)))
