"""An address that is none, wherever a network or a stranger writes one: left out, and nothing breaks on it."""

from __future__ import annotations

import pytest

from networks import catalogue
from networks.addresses import host_of, kept_address, taken_apart
from networks.egress import Egress
from networks.errors import Rejected
from networks.facebook import reading as facebook
from networks.graph.reading import next_cursor
from networks.instagram import reading as instagram
from networks.mastodon.reading import same_address
from networks.types import PostRef
from tests.networks.loopback import Asked, Reply, answer, serve

NO_ADDRESSES = ["http://[", "http://[::1", "https://\u2100.com/", "https://a]b/"]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_cannot_be_taken_apart_has_no_parts(url: str) -> None:
    assert not any(taken_apart(url))
    assert (host_of(url), kept_address(url)) == ("", "")
    assert not facebook.is_comment(PostRef("1", url))
    assert not instagram.is_comment(PostRef("1", url))
    assert not same_address(url, {"url": url, "uri": "https://fin.example/1"})
    assert next_cursor({"paging": {"next": url}}) == "?"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//fin.example/", "https://", "https://fin.example/\n", "ftp://a/"]
)
def test_what_is_kept_can_be_followed(url: str) -> None:
    assert kept_address(url) == ""
    assert kept_address("https://fin.example/" + "a" * 500) == ""
    assert kept_address("https://fin.example/a?b=c") == "https://fin.example/a?b=c"


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_a_server_that_describes_itself_at_no_address_has_no_name(url: str) -> None:
    def script(asked: Asked) -> Reply:
        known = {"/.well-known/nodeinfo": {"links": [{"rel": "x", "href": url}]}, "/api/v2/instance": {}}
        return answer(known[asked.path]) if asked.path in known else answer({}, 404)

    with serve(script) as server:
        facts = catalogue.server_facts("mastodon", server.url, Egress(allow=server.allow))
    assert facts.software == ""


def test_a_network_s_words_hold_nothing_that_no_database_keeps() -> None:
    assert Rejected("a\x00b\ud800c").detail == "ab?c"
