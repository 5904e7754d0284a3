"""What a place outside the database is, at which signed checkpoints are kept.

Those that there are enter themselves here (`organisation/actions/keeping.py`); who keeps, and who asks how far each has
got, looks at the same list.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from organisation.sentences import Sentence

if TYPE_CHECKING:
    from organisation.models import AuditCheckpoint


class NotKept(Exception):
    """The place did not take it. What it says is shown to auditors, each in their language; it holds no secret."""

    def __init__(self, said: str | Promise | Sentence) -> None:
        super().__init__(said)
        self.said = said


class Place(ABC):
    """`newest_only`: it is not given every checkpoint. `every`: how often, at most."""

    name: str
    label: str | Promise
    newest_only = True
    every = timedelta(minutes=1)

    @property
    @abstractmethod
    def is_wanted(self) -> bool: ...

    @abstractmethod
    def keep(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        """In the order of their size. Raises NotKept or OSError."""


PLACES: list[Place] = []


def wanted_places() -> list[Place]:
    """Those that the settings name: the same for web and worker."""
    return [place for place in PLACES if place.is_wanted]
