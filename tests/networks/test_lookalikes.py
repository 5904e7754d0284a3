"""Names that pass for others: by hand, and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.lookalikes import _READ_AS, LONGEST, bare, distance, likeness, skeleton

OURS = ["fodfinancien", "fin", "bosa", "SPF Finances", "Föderaler Öffentlicher Dienst Finanzen"]


@pytest.mark.parametrize(
    ("name", "passes_for", "apart", "by_signs"),
    [
        ("spffinances", "SPF Finances", 0, False),
        ("@SPF_Finances", "SPF Finances", 0, False),
        ("spf.finances", "SPF Finances", 0, False),
        ("spffinance", "SPF Finances", 1, False),
        ("spffinancess", "SPF Finances", 1, False),
        ("spfinancess", "SPF Finances", 2, False),
        ("spffinancesss1", None, 0, False),
        ("spffinances123", None, 0, False),
        ("spffinаnces", "SPF Finances", 1, True),  # Cyrillic a
        ("spff1nances", "SPF Finances", 1, True),
        ("sрffіnаnсеs", "SPF Finances", 3, True),  # five signs, and no more than three are counted
        ("fodfinaпcieп", "fodfinancien", 2, True),
        ("b0sa", "bosa", 1, True),
        ("bos", "bosa", 1, False),
        ("bo", None, 0, False),
        ("fan", "fin", 1, False),
        ("fn", None, 0, False),
        ("foderaleroffentlicherdienstfinanzen", "Föderaler Öffentlicher Dienst Finanzen", 0, False),
        ("spffinances.bsky.social", "SPF Finances", 0, False),
        ("somebody.else", None, 0, False),
        ("", None, 0, False),
        ("___", None, 0, False),
    ],
)
def test_a_name_and_for_whom_it_passes(name: str, passes_for: str | None, apart: int, by_signs: bool) -> None:
    found = likeness(name, OURS)
    assert (found and (found.name, found.distance, found.by_signs)) == (passes_for and (passes_for, apart, by_signs))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("abcde", "abcde", 0), ("abcde", "abXde", 1), ("abcde", "bcdeX", 2), ("abc", "abcdef", 3)],
)
def test_how_far_two_names_are_apart(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart


def test_two_letters_that_are_read_as_one() -> None:
    assert skeleton("burneau") == skeleton("bumeau")
    assert skeleton("vvallonie") == skeleton("wallonie")


names = st.text(st.characters(codec="utf-8"), max_size=12)


@given(names, names)
def test_near_is_near_both_ways(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@given(names, names, names)
def test_no_detour_is_shorter(one: str, way: str, other: str) -> None:
    assert distance(one, other, most=40) <= distance(one, way, most=40) + distance(way, other, most=40)


@given(st.text(max_size=400))
def test_a_name_passes_for_itself_or_holds_nothing(name: str) -> None:
    found = likeness(name, [name])
    assert found is not None if bare(name) else found is None
    assert len(bare(name)) <= LONGEST * 18  # the longest sign of Unicode comes apart into eighteen


def test_the_table_holds_signs_as_names_are_compared_with_it() -> None:
    for letter, signs in _READ_AS.items():
        assert letter.isascii()
        assert [sign for sign in signs if bare(sign) not in (sign, "")] == []
        assert not [sign for sign in signs if sign.isascii() and sign.isalpha() and sign != "i"]
    assert len("".join(_READ_AS.values())) == len(set("".join(_READ_AS.values())))
