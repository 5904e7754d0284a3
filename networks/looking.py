"""What a look through a network's list tells: silence is no evidence.

A message is ours where everything about it is as we sent it, and not ours where one thing is not. Where the answer does
not say, it may be either, and a list that holds such a message does not prove that ours is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from networks.types import PostRef

One = TypeVar("One")


def newest_first(page: Iterable[One], at: Callable[[One], datetime]) -> list[One]:
    """A page of a list that has this order: where one message on it stands out of its place, as one does that is pinned
    or dated back, ours is looked for behind it all the same."""
    return sorted(page, key=at, reverse=True)


def all_said(*conditions: bool | None) -> bool | None:
    """True where all are, False where one is not, None where that cannot be told."""
    if any(condition is False for condition in conditions):
        return False
    return None if None in conditions else True


def said(told: object) -> str | None:
    """What an answer has under a name, where it is words; None where there are none, or where it is something else."""
    return told if isinstance(told, str) and told else None


def require_words(told: object) -> None:
    """ValueError where an answer has no words in a place that always has some: it does not say that they were taken
    back."""
    if not isinstance(told, str):
        raise ValueError("no words")


@dataclass(slots=True)
class Look:
    """What was seen so far. Lists are read newest first: the last match is the first send's."""

    found: PostRef | None = None
    unclear: bool = False

    def at(self, is_ours: bool | None, ref: Callable[[], PostRef], *, keep: bool = False) -> None:
        """One message; `ref` makes its reference where it is ours. `keep`: an earlier match stays."""
        if is_ours and not (keep and self.found):
            self.found = ref()
        self.unclear = self.unclear or is_ours is None

    def told(self, *, whole: bool) -> PostRef | bool | None:
        """Our message; None where it is certainly not in a list that was read `whole`; False where nobody can say."""
        return self.found or (None if whole and not self.unclear else False)
