"""Which key the program at work bears: how far it reaches, and what the trail says of its acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from organisation.enums import Permission


@dataclass(frozen=True)
class Borne:
    """The key `key` of the service account `person`: a right counts where it is among `scopes` too."""

    key: int
    person: int
    scopes: frozenset[Permission]


_borne: ContextVar[Borne | None] = ContextVar("borne_key", default=None)


def bear(borne: Borne) -> None:
    """From now on, until the request ends (`nothing_borne`)."""
    _borne.set(borne)


def borne_by(person: int | None) -> Borne | None:
    """The key with which this one is at work; None for somebody on a page, and for everybody else."""
    found = _borne.get()
    return found if found is not None and found.person == person else None


@contextmanager
def nothing_borne() -> Iterator[None]:
    """A request begins without a key, and leaves none to the next one."""
    token = _borne.set(None)
    try:
        yield
    finally:
        _borne.reset(token)
