"""Whom an answer for few names, whatever stands before the name: each server reads names by a rule of its own."""

from __future__ import annotations

import pytest

from networks.catalogue import NETWORKS
from networks.errors import Invalid, TooWide
from networks.mastodon.narrowing import decide
from networks.types import AccountRef, Audience, Draft, PostRef

ACCOUNT = AccountRef("mastodon", "https://masto.example", "7", "fin")
CAN = NETWORKS["mastodon"].capabilities
QUESTION = {"visibility": "direct", "account": {"acct": "lucas"}, "mentions": [{"acct": "fin"}]}


def audience(text: str) -> Audience:
    return decide(Draft(text, "fr", reply_to=PostRef("1")), QUESTION, ACCOUNT, CAN)


@pytest.mark.parametrize(
    "before",
    ["", "@", "@@", "\u00b2", "\u00bd", "\u2460", "\u216b", "/", "ou/", "=", "_", "\u203f", ".", "\u200b", "("],
)
def test_who_did_not_see_the_question_is_not_told(before: str) -> None:
    with pytest.raises(TooWide):
        audience(f"@lucas Voyez {before}@press")
    with pytest.raises((TooWide, Invalid)):
        audience(f"@lucas{before or ' '}@press Voyez")


@pytest.mark.parametrize(
    "text", ["@@lucas", "\u00b2@lucas", "/@lucas", "=@lucas", "lucas", "https://masto.example/@lucas"]
)
def test_who_asked_is_named_as_every_server_reads_it(text: str) -> None:
    with pytest.raises(Invalid):
        audience(f"{text} Voyez")


@pytest.mark.parametrize(
    "text",
    [
        "info@press.example",
        "é@press",
        "e\u0301@press",
        "3@press",
        "https://press.example/@press",
        "http://a.example/x/@press/1",
    ],
)
def test_an_address_names_nobody(text: str) -> None:
    assert audience(f"@lucas Voyez {text}") is Audience.DIRECT
    assert audience(f"@lucas@masto.example Voyez {text}") is Audience.DIRECT
