"""Whether this system may act outward at all: a copy beside its original must not.

A copy that renews a token which changes hands with each renewal ends the original's sign-in; one that revokes,
subscribes or looks up does it in the original's name and at its cost; and one that carries its own checkpoints to where
the original's lie spoils the proof. The room above that can tell registers itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Judge:
    """`may_act`: whether anything outward may begin now. `count_act`: the same for what cannot be taken back, which is
    counted so that of two systems only one does it; called outside every transaction. `is_copy`: whether this certainly
    is not the one that may act; it only asks."""

    may_act: Callable[[], bool]
    count_act: Callable[[], bool]
    is_copy: Callable[[], bool]


_judges: list[Judge] = []


def register(judge: Judge) -> None:
    _judges[:] = [judge]


def may_act() -> bool:
    return all(judge.may_act() for judge in _judges)


def count_act() -> bool:
    return all(judge.count_act() for judge in _judges)


def is_copy() -> bool:
    return any(judge.is_copy() for judge in _judges)
