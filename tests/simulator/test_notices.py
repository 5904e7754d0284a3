"""Notices of a service: written by a trainer, read as pages and as a feed by our own connectors."""

from __future__ import annotations

import requests

from networks import catalogue
from networks.egress import Egress
from networks.port import Connector
from networks.types import AccountRef
from tests.simulator.fixture import Control


def reader(simulator: Control, key: str, path: str) -> Connector:
    egress = Egress(allow=frozenset({simulator.host}))
    return catalogue.connector(AccountRef(key, simulator.url + path, ""), egress)


def put_up(simulator: Control, title: str, text: str) -> str:
    form = {"title": title, "text": text}
    page = requests.post(f"{simulator.url}/notices", data=form, headers={"Origin": simulator.url}, timeout=5)
    assert page.status_code == 200
    return page.text


def test_a_notice_reaches_whoever_reads_the_feed(simulator: Control) -> None:
    feed = reader(simulator, "feed", "/notices.xml")
    empty = feed.search("")
    assert empty.items == ()
    put_up(simulator, "Guichets fermés & <b>", "Lundi\n5 < 6")
    page = feed.search("", since=empty.newest)
    assert [(one.title, one.text) for one in page.items] == [("Guichets fermés & <b>", "Lundi\n5 < 6")]
    assert requests.get(page.items[0].ref.url, timeout=5).status_code == 200
    assert feed.search("", since=page.newest).newest == page.newest


def test_who_has_the_feed_is_told_that_nothing_changed(simulator: Control) -> None:
    simulator.control("POST", "notices", {"title": "A", "text": "B"})
    first = requests.get(f"{simulator.url}/notices.xml", timeout=5)
    mark = {"If-None-Match": first.headers["ETag"]}
    assert requests.get(f"{simulator.url}/notices.xml", headers=mark, timeout=5).status_code == 304
    simulator.control("POST", "notices", {"title": "C", "text": "D"})
    assert requests.get(f"{simulator.url}/notices.xml", headers=mark, timeout=5).status_code == 200


def test_a_notice_is_a_change_of_the_page(simulator: Control) -> None:
    page = reader(simulator, "webpage", "/notices")
    since = page.search("").newest
    assert page.search("", since=since).items == ()
    put_up(simulator, "Nouvel horaire", "De 9:00 à 16:00")
    (change,) = page.search("", since=since).items
    assert "Nouvel horaire" in change.text
    assert "De 9:00 à 16:00" in change.text


def test_what_is_incomplete_comes_back_and_markup_stays_text(simulator: Control) -> None:
    wrong = requests.post(
        f"{simulator.url}/notices",
        data={"title": "<i>kept</i>", "text": " "},
        headers={"Origin": simulator.url},
        timeout=5,
    )
    assert wrong.status_code == 422
    assert "A notice needs a title and a text." in wrong.text
    assert "&lt;i&gt;kept&lt;/i&gt;" in wrong.text
    shown = put_up(simulator, "<script>alert(1)</script>", "<img src=x>")
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert requests.get(f"{simulator.url}/notices/99", timeout=5).status_code == 404
