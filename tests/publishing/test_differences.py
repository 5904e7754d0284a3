"""What changed between two texts: always true, and never dearer than the texts are long."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.content.differences import Piece, changed, compare

SIGNS = st.text(alphabet="ab! \né🙂", max_size=120)


def without(kind: str, pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != kind)


@pytest.mark.longer
@settings(max_examples=300, deadline=None)
@given(before=SIGNS | st.text(max_size=60), after=SIGNS | st.text(max_size=60))
def test_the_way_between_two_texts_holds_both(before: str, after: str) -> None:
    pieces = compare(before, after)

    assert without("removed", pieces) == after
    assert without("added", pieces) == before
    assert changed(pieces) is (before != after)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


def test_what_stays_is_found_word_by_word() -> None:
    assert compare("La taxe de séjour baisse.", "La taxe de circulation baisse enfin.") == [
        Piece("same", "La taxe de "),
        Piece("removed", "séjour"),
        Piece("added", "circulation"),
        Piece("same", " baisse"),
        Piece("added", " enfin"),
        Piece("same", "."),
    ]


HOSTILE: dict[str, Callable[[int], tuple[str, str]]] = {
    "nothing in common": lambda n: ("!" * n, "?" * n),
    "the same few signs": lambda n: ("!?" * (n // 2), "?!;" * (n // 3)),
    "one repeated, shifted": lambda n: ("." * n, "a" + "." * (n // 2) + "b" + "." * (n // 2)),
    "words that alternate": lambda n: ("a b " * (n // 4), "b c a " * (n // 6)),
    "many against one": lambda n: ("".join(chr(33 + i % 14) for i in range(n)), "&" * n),
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE.keys())
def test_its_cost_grows_with_the_texts_and_no_faster(made: Callable[[int], tuple[str, str]]) -> None:
    """Counted in lines of code that ran, not in seconds. Twice the text costs about twice as much."""
    small, large = (lines_run(*made(length)) for length in (500, 1000))

    assert large < 2.5 * small + 1000
    assert large < 300 * 2000


def lines_run(before: str, after: str) -> int:
    count = 0

    def each(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        if count > 2_000_000:
            raise AssertionError("it would not end")
        return each

    watching = sys.gettrace()
    sys.settrace(each)
    try:
        pieces = compare(before, after)
    finally:
        sys.settrace(watching)
    assert without("removed", pieces) == after
    assert without("added", pieces) == before
    return count
