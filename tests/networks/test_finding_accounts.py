"""Accounts are looked for by name where the network has a search for them; elsewhere it is said that it has none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from networks import catalogue
from networks.bluesky.reading import read_found as read_actor
from networks.catalogue import NETWORKS
from networks.egress import Egress
from networks.errors import Unsupported
from networks.mastodon.reading import read_found
from networks.port import AccountFinder
from networks.types import AccountRef, FoundAccount
from tests.networks.loopback import answer, serve
from tests.networks.squares import mastodon
from tests.networks.squares.bluesky import training_square
from tests.networks.subjects.mastodon import SUBJECT as MASTODON
from tests.simulator.fixture import Control

FINDING = ["mastodon", "bluesky"]


def test_which_networks_have_such_a_search() -> None:
    assert [key for key, one in NETWORKS.items() if one.capabilities.finds_accounts] == ["bluesky", "mastodon"]


@pytest.mark.parametrize("key", [key for key in NETWORKS if key not in FINDING])
def test_the_others_say_that_they_have_none(key: str) -> None:
    with pytest.raises(Unsupported):
        catalogue.account_finder(AccountRef(key, "https://example.org", "1", "fin", {}), Egress())


@pytest.mark.parametrize("make", [mastodon.square, training_square], ids=FINDING)
def test_accounts_are_found_by_name_and_by_what_they_are_called(make: Any, simulator: Control) -> None:
    square = make(simulator)
    simulator.person("spf_f1nances", "Finances officielles")
    finder = cast("AccountFinder", catalogue.account_finder(square.service.account, Egress(allow={simulator.host})))
    for words in ("f1nances", "finances officielles"):
        (found,) = finder.find_accounts(words)
        assert found.handle.replace("-", "_").startswith("spf_f1nances")
        assert (found.name, bool(found.url), bool(found.id)) == ("Finances officielles", True, True)
        assert found.created_at is not None
        assert found.created_at.tzinfo is UTC
    assert finder.find_accounts("personne-ne-se-nomme-ainsi") == ()


ACCOUNT = {
    "id": "9",
    "acct": "spf@elsewhere.example",
    "display_name": "",
    "url": "https://elsewhere.example/@spf",
    "created_at": "2026-11-01T00:00:00.000Z",
    "note": '<p>Vers <a href="https://fin.example/a?b=1&amp;c=2">fin</a> <a href="javascript:x">y</a></p>',
    "fields": [{"name": "Site", "value": '<a href="https://other.example/" rel="me">other</a>'}, {"name": "Nothing"}],
}


def test_what_an_account_links_to_is_read_from_all_that_it_says_of_itself() -> None:
    links = ("https://fin.example/a?b=1&c=2", "https://other.example/")
    since = datetime(2026, 11, 1, tzinfo=UTC)
    told = FoundAccount("9", "spf@elsewhere.example", "spf@elsewhere.example", ACCOUNT["url"], since, links)
    assert read_found(ACCOUNT) == told
    assert read_found({**ACCOUNT, "created_at": None}).created_at is None

    class Actor:
        did, handle, display_name, created_at = "did:plc:a", "spf.example", None, None
        description = "Voir https://fin.example/ (ou http://x.example/y)"

    shown = read_actor(Actor, "https://bsky.app/profile/did:plc:a")
    assert shown.links == ("https://fin.example/", "http://x.example/y")
    assert (shown.name, shown.created_at) == ("spf.example", None)


def test_one_that_cannot_be_read_keeps_no_other_from_being_found() -> None:
    call = ("GET", "/api/v2/search")
    told = answer({"accounts": [{"id": "1"}, ACCOUNT, "x"], "statuses": [], "hashtags": []})
    with serve(MASTODON.script({call: told})) as server:
        finder = cast("AccountFinder", MASTODON.connector(server))
        assert [one.id for one in finder.find_accounts("spf")] == ["9"]
