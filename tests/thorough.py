"""Families of cases that hold one rule: what `make quick` takes of them, and what `make test` takes besides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def thorough_but(cases: Iterable[Any], *everyday: Any) -> list[Any]:
    """`cases` for a parametrize, of which all but `everyday` are marked slow. ValueError where one of these is none."""
    all_of_them = list(cases)
    if missing := [case for case in everyday if case not in all_of_them]:
        raise ValueError(f"{missing} are no cases of this family")
    return [case if case in everyday else pytest.param(case, marks=pytest.mark.slow) for case in all_of_them]


def thorough_pairs(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Pairs for a parametrize of two names. In some that are not marked longer, each of either side stands."""
    one, other = list(first), list(second)
    least = min(len(one), len(other))
    return [
        pytest.param(here, there, marks=[] if place % least == number % least else pytest.mark.longer)
        for place, here in enumerate(one)
        for number, there in enumerate(other)
    ]


def thorough_after(kept: int, cases: Iterable[Any], *, names: int = 1) -> list[Any]:
    """`cases` for a parametrize of so many `names`: all but the first `kept`, which differ most, are marked longer."""
    all_of_them = list(cases)
    if not 0 < kept < len(all_of_them):
        raise ValueError(f"{kept} of {len(all_of_them)} cases are no part of them")
    longer = [pytest.param(*(case if names > 1 else (case,)), marks=pytest.mark.longer) for case in all_of_them[kept:]]
    return [*all_of_them[:kept], *longer]
