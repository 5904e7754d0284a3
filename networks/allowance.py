"""What reading a stranger's bytes may cost: steps and bytes moved, as many as what they sent is worth and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Self

STEPS_TO_BEGIN, OCTETS_TO_BEGIN = 20_000, 1 << 20


class Exhausted(Exception):
    """What was sent asks for more work than its size allows; whoever reads it says so to who sent it."""


@dataclass(slots=True)
class Allowance:
    """What is left. A step is one turn of a loop that the sender's own counts drive; octets are bytes moved."""

    steps: int
    octets: int = 0

    @classmethod
    def of(cls, size: int, *, steps: float = 1, octets: float = 0) -> Self:
        """In proportion to `size`, the bytes that were sent: so much for each of them, and a little to begin with."""
        return cls(STEPS_TO_BEGIN + int(size * steps), OCTETS_TO_BEGIN + int(size * octets))

    def spend(self, steps: int = 1, octets: int = 0) -> None:
        """Raises Exhausted where less is left."""
        self.steps -= steps
        self.octets -= octets
        if self.steps < 0 or self.octets < 0:
            raise Exhausted


class Metered:
    """A file, each use of which is a step and draws on an allowance."""

    def __init__(self, file: BinaryIO, allowance: Allowance) -> None:
        self._file = file
        self.allowance = allowance

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def read(self, size: int) -> bytes:
        self.allowance.spend(1, size)
        return self._file.read(size)

    def write(self, content: bytes) -> int:
        self.allowance.spend(1, len(content))
        return self._file.write(content)
