"""Signs that nobody sees are shown, but where a script or an emoji needs them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.signs import CLOSE, INVISIBLE, MARK, MOST, OPEN, found, isolated, shown

UNSEEN = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\u2060\u2063\ufeff\u00ad"
    "\u061c\u180e\u3164\u2800\U000e0041\x00\x1b\x85\u2028"
)


@pytest.mark.parametrize("sign", UNSEEN)
def test_what_nobody_sees_is_told_by_its_number(sign: str) -> None:
    told = shown(f"SPF{sign}Finances")
    assert sign not in told
    assert f"‹U+{ord(sign):04X}›" in told
    assert told.startswith("SPF")
    assert told.endswith("Finances")


@pytest.mark.parametrize(
    "words",
    [
        "👨\u200d👩\u200d👧 👩🏽\u200d💻 ❤\ufe0f\u200d🔥 1\ufe0f⃣ 🏳\ufe0f\u200d🌈",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष",
        "שלום\u200f 12",
        "Été, naïve\u00a0: l’impôt\n\t250 €",
        "مرحبا",
        "葛\U000e0100",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(words: str) -> None:
    assert found(words) == []
    assert shown(words) == words


def test_a_turned_name_reads_as_it_is_written() -> None:
    assert shown("gpj.\u202eecilop") == "gpj.‹U+202E›ecilop"
    assert isolated("a\u2069b") == f"{OPEN}a‹U+2069›b{CLOSE}"


@pytest.mark.longer
@given(st.text(st.sampled_from("aé م\u200c\u200d\u202e\u2069\ufe0f👩😀🏴\U000e0067\U000e007f\u200f\n"), max_size=30))
def test_nothing_turns_the_direction_whatever_stands_around_it(words: str) -> None:
    told = shown(words)
    assert not set(told) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert all(not one.group() or one.group() in words for one in INVISIBLE.finditer(told))


@pytest.mark.longer
def test_what_hides_costs_no_more_than_what_is_read() -> None:
    """A sign's number takes more room than the sign: who writes decides how many there are."""
    assert shown("a" + "\u202e" * 20_000 + "b") == "a‹U+202E ×20000›b"
    told = shown("a\u202e" * 10_000)
    assert len(told) < 5 * 20_000
    assert not INVISIBLE.search(told)
    assert told.startswith("a‹U+202E›" * MOST + f"a{MARK}a")
