"""How long X says that a text is: its own conformance suite, and what an office writes."""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from networks.catalogue import NETWORKS
from networks.x.addresses import addresses
from networks.x.weighing import SCALE, forbidden, pieces, weighted_length

LIMIT = NETWORKS["x"].capabilities.text_limit
# The first group of the suite is configuration 2, which knows no emoji: so the suite itself turns them off there.
GROUPS = {
    "WeightedTweetsCounterTest": False,
    "WeightedTweetsWithDiscountedEmojiCounterTest": True,
    "UnicodeDirectionalMarkerCounterTest": True,
}


@functools.cache
def cases(folder: Path) -> list[tuple[bool, dict[str, Any]]]:
    told = yaml.safe_load((folder / "conformance" / "twitter-text" / "validate.yml").read_text())["tests"]
    return [(alike, case) for group, alike in GROUPS.items() for case in told[group]]


@pytest.mark.parametrize("place", range(44))
def test_a_case_of_the_networks_own_suite(recorded_data: Path, place: int) -> None:
    alike, case = cases(recorded_data)[place]
    text, expected = case["text"], case["expected"]
    found = list(pieces(text, pictures_weigh_alike=alike))
    length = sum(weight for _, weight in found) // SCALE
    fit, until = valid_until(found)
    offset = utf16(text) - utf16(unicodedata.normalize("NFC", text))
    assert length == expected["weightedLength"]
    assert (0 < length <= LIMIT and fit) is expected["valid"]
    assert length * 1000 // LIMIT == expected["permillage"]
    assert utf16(text) - 1 == expected["displayRangeEnd"]
    assert until + offset == expected["validRangeEnd"]


def test_all_cases_are_run(recorded_data: Path) -> None:
    assert len(cases(recorded_data)) == 44


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def valid_until(found: list[tuple[str, int]]) -> tuple[bool, int]:
    """Whether every sign is allowed, and the last UTF-16 unit up to which the text would do."""
    at, weight, until = -1, 0, 0
    for piece, own in found:
        at, weight = at + utf16(piece), weight + own
        if forbidden(piece):
            return False, until
        if weight <= LIMIT * SCALE:
            until = at
    return True, until


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("voir finances.belgium.be, ou (https://fin.be/a_(b)).", ["finances.belgium.be", "https://fin.be/a_(b)"]),
        ("info@minfin.fed.be ou @finances.be", []),
        ("日本語example.comこんにちは", ["example.com"]),
        ("http://exemple.inconnu/x", []),
        ("http://dom_aine.exemple.be/ http://exem_ple.be", ["http://dom_aine.exemple.be/"]),
        ("https://impôts.be/é?q=1&r=2.", ["https://impôts.be/é?q=1&r=2"]),
        ("foo.co.uk:8080/a?b", ["foo.co.uk:8080/a?b"]),
        ("-exemple.com .exemple.com /exemple.com", []),
        ("http://" + "a" * 63 + ".be", ["http://" + "a" * 63 + ".be"]),
        ("http://" + "a" * 64 + ".be", []),
        ("https://fin.be/" + "a" * 4082, []),
        ("https://fin.be/" + "a" * 4081, ["https://fin.be/" + "a" * 4081]),
    ],
)
def test_an_address(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in addresses(text)] == found


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("éhttps://fin.be", 1 + 23),
        ("éa-https://fin.be", 3 + 23),
        ("", 0),
        ("Été", 3),
        ("E\u0301te\u0301", 3),
        ("« l’impôt » – 5 €…", 20),  # the euro sign and the dots weigh double, quotes and dashes do not
        ("🇧🇪", 2),
        ("🇧🇪🇧🇪", 4),
        ("👩‍❤️‍👨", 2),
        ("☎︎", 4),
        ("©", 1),
        ("©️", 2),
        ("1️⃣2", 3),
    ],
)
def test_a_length(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["é" * 200_000, "é-" * 100_000 + "é", "a." * 100_000, "http://" * 30_000, "http://a.be/" + "(" * 100_000],
    ids=lambda text: text[:8],
)
def test_hostile_text_is_weighed_once(text: str) -> None:
    """Whatever somebody pastes: one pass over it, so that this test ends at all."""
    assert weighted_length(text) >= 100_000
