"""What a page tells of itself for a card."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from networks.egress import Egress
from networks.errors import EgressRefused, Gone, Invalid, Unavailable
from networks.webpage.card import PageCard, read_card, read_picture
from tests.networks.loopback import Loopback, Reply, answer, serve

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Site:
    reply: Reply = answer("", headers=HTML)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def server(site: Site) -> Iterator[Loopback]:
    with serve(lambda _asked: site.reply) as running:
        yield running


def told(site: Site, server: Loopback, head: str) -> PageCard:
    site.reply = answer(f"<!doctype html><html><head>{head}</head><body><p>x</p></body></html>", headers=HTML)
    return read_card(Egress(allow=server.allow), f"{server.url}/page")


def test_the_first_of_what_it_says_of_itself_is_taken(site: Site, server: Loopback) -> None:
    head = """<title>Plain</title><meta name="description" content="Plain words">
    <meta property="og:title" content="A &amp; B"><meta property="og:title" content="second">
    <meta content='Said  of
    it' property='og:description'><meta property="og:image" content="/pictures/1.png">
    <script>'<meta property="og:title" content="not this">'</script>"""
    assert told(site, server, head) == PageCard("A & B", "Said of it", f"{server.url}/pictures/1.png")


def test_a_picture_whose_name_has_spaces_is_found_as_browsers_find_it(site: Site, server: Loopback) -> None:
    head = '<title>T</title><meta property="og:image" content="/foto stad.jpg">'
    assert told(site, server, head).picture == f"{server.url}/foto%20stad.jpg"


def test_else_what_it_is_called(site: Site, server: Loopback) -> None:
    head = '<title>Plain</title><meta name="description" content="Plain words">'
    assert told(site, server, head) == PageCard("Plain", "Plain words", "")


def test_a_picture_at_an_endless_name_costs_no_more_than_a_page(site: Site, server: Loopback) -> None:
    """To join an address to the page's, its host is normalised: of so many accents, for longer than anybody waits."""
    endless = "https://a" + "\u0301\u0323" * 80_000 + ".example/1.png"
    head = f'<title>T</title><meta property="og:image" content="{endless}">'
    assert told(site, server, head) == PageCard("T", "", "")


@pytest.mark.parametrize("picture", ["javascript:alert(1)", "data:image/png;base64,AAAA", "http://[", "file:///etc"])
def test_only_a_web_address_is_a_picture(picture: str, site: Site, server: Loopback) -> None:
    assert told(site, server, f'<title>T</title><meta property="og:image" content="{picture}">').picture == ""


def test_signs_that_nobody_sees_stay_out_and_words_end(site: Site, server: Loopback) -> None:
    found = told(site, server, f'<title>a\u202eb\u200bc\x07d</title><meta name="description" content="{"é" * 900}">')
    assert found.title == "abcd"
    assert len(found.description) == 500
    assert found.description.endswith("…")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer("<title>T</title>", headers={"Content-Type": "application/pdf"}), Invalid),
        (answer("<p>no title</p>", headers=HTML), Invalid),
        (answer("<title>T</title>" + "x" * 2_000_001, headers=HTML), Invalid),
        (answer("", status=404, headers=HTML), Gone),
        (answer("", status=403, headers=HTML), Invalid),
        (answer("", status=503, headers=HTML), Unavailable),
    ],
)
def test_what_is_no_page_is_said(reply: Reply, error: type[Exception], site: Site, server: Loopback) -> None:
    site.reply = reply
    with pytest.raises(error):
        read_card(Egress(allow=server.allow), server.url)


def test_what_is_larger_than_is_read_is_no_page_at_the_next_try_either(site: Site, server: Loopback) -> None:
    site.reply = answer("<title>T</title>" + "x" * 1001, headers=HTML)
    with pytest.raises(Invalid, match="too large"):
        read_card(Egress(allow=server.allow, max_bytes=1000), server.url)
    with pytest.raises(Invalid, match="too large"):
        read_picture(Egress(allow=server.allow, max_bytes=1000), server.url, 5000)


def test_a_title_that_nobody_sees_is_none(site: Site, server: Loopback) -> None:
    for unseen in ("\u200d", "\u3164", "\u2800 \u2800", "\ufe0f\u115f"):
        head = f'<meta property="og:title" content="{unseen}"><title>Plain</title>'
        assert told(site, server, head).title == "Plain"
        with pytest.raises(Invalid):
            told(site, server, f"<title>{unseen}</title>")
    assert told(site, server, "<title>\U0001f469\u200d\U0001f692</title>").title == "\U0001f469\u200d\U0001f692"


def test_our_own_house_is_closed_to_it(site: Site, server: Loopback) -> None:
    with pytest.raises(EgressRefused):
        read_card(Egress(), server.url)
    with pytest.raises(EgressRefused):
        read_picture(Egress(), f"{server.url}/1.png", 1000)


def test_a_picture_has_an_end(site: Site, server: Loopback) -> None:
    site.reply = answer("x" * 1001, headers={"Content-Type": "image/png"})
    with pytest.raises(Invalid):
        read_picture(Egress(allow=server.allow), server.url, 1000)
