"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

PIECES = re.compile(r"\s+|\w+|[^\w\s]")
Kind = Literal["same", "added", "removed"]

# Steps that the search may take for each word or sign. Both texts come from whoever wants the reader to wait, and the
# shortest way between two that have nothing in common costs the square of their length.
STEPS_A_PIECE = 20


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The way from `before` to `after`: without the removed pieces it reads `after`, without the added, `before`.

    The shortest way word by word, at a cost that grows with the length of the texts and no faster: where they differ
    too much for it, what lies between their common beginning and end is told as one replacement.
    """
    old, new = PIECES.findall(before), PIECES.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    pairs = _kept(old_middle, new_middle, budget=STEPS_A_PIECE * (len(old) + len(new)))
    middle = _pieces_between(old_middle, new_middle, pairs)
    return _joined([*_same(old[:start]), *middle, *_same(old[len(old) - end :])])


def changed(pieces: list[Piece]) -> bool:
    return any(piece.kind != "same" for piece in pieces)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pieces both begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _kept(old: list[str], new: list[str], *, budget: int) -> list[tuple[int, int]]:
    """Places in `old` and `new` of what stays, in order, after Myers (1986); none once the budget is used up.

    `furthest[k]` is how far in `old` one comes on the diagonal `k` (place in `old` minus place in `new`) with the
    changes made so far; `history` holds it for each number of changes, to walk back by.
    """
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for changes in range(len(old) + len(new) + 1):
        history.append(dict(furthest))
        budget -= len(furthest)
        for k in range(-changes, changes + 1, 2):
            down = k == -changes or (k != changes and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y, budget = x + 1, y + 1, budget - 1
            furthest[k] = x
            budget -= 1
            if x >= len(old) and y >= len(new):
                return list(_walked_back(history, len(old), len(new)))[::-1]
            if budget <= 0:
                return []
    return []


def _walked_back(history: list[dict[int, int]], x: int, y: int) -> Iterator[tuple[int, int]]:
    """Each place that both share, the last first."""
    for changes in range(len(history) - 1, 0, -1):
        furthest, k = history[changes], x - y
        down = k == -changes or (k != changes and furthest[k - 1] < furthest[k + 1])
        came_from = furthest[k + 1] if down else furthest[k - 1]
        begin = came_from if down else came_from + 1
        while x > begin:
            x, y = x - 1, y - 1
            yield x, y
        x, y = came_from, came_from - (k + 1 if down else k - 1)
    while x > 0:
        x, y = x - 1, y - 1
        yield x, y


def _pieces_between(old: list[str], new: list[str], pairs: list[tuple[int, int]]) -> Iterator[Piece]:
    """Between what stays, first what goes, then what comes."""
    x = y = 0
    for at_old, at_new in [*pairs, (len(old), len(new))]:
        yield Piece("removed", "".join(old[x:at_old]))
        yield Piece("added", "".join(new[y:at_new]))
        yield from _same(old[at_old : at_old + 1])
        x, y = at_old + 1, at_new + 1


def _same(pieces: Sequence[str]) -> list[Piece]:
    return [Piece("same", "".join(pieces))]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Without empty ones, neighbours of one kind as one."""
    runs: list[tuple[Kind, list[str]]] = []
    for piece in pieces:
        if not piece.text:
            continue
        if not runs or runs[-1][0] != piece.kind:
            runs.append((piece.kind, []))
        runs[-1][1].append(piece.text)
    return [Piece(kind, "".join(texts)) for kind, texts in runs]
