"""The rooms above say what somebody may have to know: a registry by inversion, so that notices knows none of them.

A room calls `register` in its AppConfig.ready. A kind says what stands now, not what happened: whatever no longer
stands is withdrawn by the same look that finds what is new (docs/adr/0026-notices.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from notices.enums import POSSIBLE_WAYS, USUAL_WAY, Urgency, Way
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.roles import permissions_of
from organisation.sentences import Sentence

Text = str | Promise
KEY = r"^[a-z][a-z_]{1,39}$"


@dataclass(frozen=True)
class About:
    """One thing that stands, for whoever has to know it. `key` is the same as long as it is the same thing to know.

    `words` hold no citizen's data: they are mailed. `url` is a path to where something is done about it. `people` are
    looked at again: only who is active and holds `sees` in `unit` (in a whole organisation, where there is none) by a
    grant of their own is told, and is shown it later; where it `reaches_down`, in any unit below as well.
    """

    key: str
    words: Sentence
    url: str
    unit: Unit | None
    sees: Permission
    people: Iterable[Person]
    due_at: datetime | None = None
    reaches_down: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of thing that somebody may have to know, as data.

    `standing` gives the key and the subject's id of all that stands now; `about` one of these subjects, None where it
    no longer stands. Whoever holds one of `needed_by` cannot switch its mail off: their role needs it. What
    `is_personal` is for whoever began something alone: where they left, nobody else need know it.
    """

    key: str
    label: Text
    urgency: Urgency
    standing: Callable[[], Iterable[tuple[str, int]]]
    about: Callable[[int], About | None]
    needed_by: frozenset[Permission] = field(default_factory=frozenset)
    is_personal: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(KEY, self.key):
            raise ImproperlyConfigured(f"A kind of notice is called by small letters, not {self.key!r}")

    @property
    def usual(self) -> Way:
        """How it is mailed to who chose nothing."""
        return USUAL_WAY[self.urgency]

    @property
    def every(self) -> timedelta:
        """How often it is looked at."""
        return timedelta(seconds=5 if self.urgency == Urgency.EMERGENCY else 15)

    def ways_for(self, person: Person) -> list[Way]:
        """Those among which the person may choose."""
        needed = self.is_needed_by(person)
        return [way for way in POSSIBLE_WAYS[self.urgency] if not (needed and way == Way.OFF)]

    def way_for(self, person: Person, chosen: str) -> Way:
        """How it is mailed to the person, who chose `chosen`: only as far as they may."""
        return Way(chosen) if chosen in self.ways_for(person) else self.usual

    def is_needed_by(self, person: Person) -> bool:
        """True where a role of the person needs it: its mail stays on."""
        return bool(self.needed_by & permissions_of(role for role, _path in person.held_grants()))


@dataclass(frozen=True)
class Happening:
    """What happens to the rows of `noun` ("app.model"), for a webhook that is called with it: which act, to which row,
    when; nothing of what anybody wrote. `page` is the name of the page that shows one."""

    key: str
    label: Text
    noun: str
    page: str


_HAPPENINGS: dict[str, Happening] = {}


def tell_of(happening: Happening) -> None:
    """From now on webhooks may be called with it."""
    if _HAPPENINGS.setdefault(happening.key, happening) is not happening:
        raise ImproperlyConfigured(f"Two rooms tell of {happening.key}")


def happenings() -> dict[str, Happening]:
    """By their keys."""
    return dict(sorted(_HAPPENINGS.items()))


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """From now on they are looked at."""
    for kind in kinds:
        if _KINDS.setdefault(kind.key, kind) is not kind:
            raise ImproperlyConfigured(f"Two rooms tell {kind.key}")


def kind_of(key: str) -> Kind | None:
    """None for one that nobody registers any more."""
    return _KINDS.get(key)


def registered() -> list[Kind]:
    """The most urgent first, then by their keys."""
    order = list(Urgency)
    return sorted(_KINDS.values(), key=lambda kind: (order.index(kind.urgency), kind.key))
