"""What happened on the square, and the calls by which a network tells an app of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from simulator.store.people import Person
from simulator.store.posts import Post


class Happening(enum.StrEnum):
    WRITTEN = "written"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Event:
    """`post` was written, edited or deleted by `author`; it concerns the account of `person`, who is told."""

    happening: Happening
    post: Post
    author: Person
    person: Person
    at_ms: int


@dataclass(frozen=True, slots=True)
class Hook:
    """Where an app wants to be called about a person, and the secret that such calls are signed with."""

    network: str
    person_id: int
    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call as the network would make it: a POST of `payload` as JSON. `sign` adds the headers."""

    payload: dict[str, Any]
