"""What a search finds, in the one form in which every room tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from organisation.queries.visible import named_like, visible_people

MOST = 5  # of one kind on the page
Text = str | Promise
T = TypeVar("T")


@dataclass(frozen=True)
class Find:
    """One thing: `title` is what it is called, `detail` tells it from its namesakes, `said` is a stranger's words."""

    title: Text
    detail: Text
    url: str
    said: str = ""


@dataclass(frozen=True)
class Finds:
    """Things of one kind: the first few, the best first, and where all stand. `is_capped`: more than `count`."""

    label: Text
    icon: str
    rows: Sequence[Find]
    count: int
    url: str = ""
    is_capped: bool = False


def first_finds(
    label: Text, icon: str, found: Sequence[T], tell: Callable[[T], Find], url: str = ""
) -> Iterable[Finds]:
    """`found` as one kind, told by `tell`; nothing where there is none."""
    if found:
        yield Finds(label, icon, [tell(one) for one in found[:MOST]], len(found), url)


def found_for(person: Person, words: str) -> Iterable[Finds]:
    """Whom `person` may look up and whose name or address holds the `words`, the best first."""
    keys = named_like(visible_people(person), words, "name", "email")
    rows = visible_people(person).in_bulk(keys[:MOST])
    if rows:
        url = f"{reverse('organisation:person_list')}?{urlencode({'named': words})}"
        yield Finds(_("People"), "people", [_told(rows[key]) for key in keys[:MOST]], len(keys), url)


def _told(person: Person) -> Find:
    url = reverse("organisation:person_detail", args=[person.pk])
    return Find(person.name, f"{person.email} · {person.unit.name}", url)
