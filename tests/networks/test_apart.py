"""Feeds and pages are read in a process that may be killed, and one process reads many of them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from networks import apart, catalogue
from networks.egress import Answer, Egress
from networks.errors import Invalid, Unavailable
from networks.feed import reading as feeds
from networks.port import Connector
from networks.types import AccountRef
from networks.webpage import reading as pages
from tests.networks.loopback import answer, serve
from tests.thorough import thorough_but

FEED = (
    "<rss version='2.0'><channel><title>Finances</title><item><guid>u1</guid><title>Été</title></item></channel></rss>"
)
PAGE = "<title>Finances</title><main><p>Été</p></main>"


def who() -> apart.Told:
    return {"pid": os.getpid()}


def forever() -> apart.Told:
    while True:
        pass


def busy() -> apart.Told:
    ends = time.process_time() + 0.8
    while time.process_time() < ends:
        pass
    return who()


def asleep() -> apart.Told:
    time.sleep(3600)
    raise AssertionError


def greedy() -> apart.Told:
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def gone() -> apart.Told:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[apart.Readers]:
    """A pool of the test's own, ended with it."""
    made = apart.Readers(replace(apart.strangers.limits, patience=5), at_once=1, wait=0)
    monkeypatch.setattr(apart, "strangers", made)
    yield made
    for one in made._idle:
        one.end()


def test_one_other_process_reads_many(readers: apart.Readers) -> None:
    found = {apart.read(who)["pid"] for _each in range(50)}
    assert len(found) == 1
    assert os.getpid() not in found


def test_after_so_many_readings_it_is_another_and_none_is_left(readers: apart.Readers) -> None:
    readers.limits = replace(readers.limits, readings=2)
    found = [apart.read(who)["pid"] for _each in range(4)]
    assert found[0] == found[1] != found[2] == found[3]
    assert readers._idle == []


@pytest.mark.parametrize("work", thorough_but([asleep, greedy, gone], asleep, gone), ids=lambda one: one.__name__)
def test_what_eats_all_it_may_is_ended_and_the_next_is_read(work: Any, readers: apart.Readers) -> None:
    readers.limits = replace(readers.limits, patience=1 if work is asleep else 20)
    with pytest.raises(Invalid, match="far more work"):
        apart.read(work)
    assert readers._idle == []
    assert apart.read(who)["pid"]


@pytest.mark.slow
def test_the_processor_is_measured_for_each_reading_anew(readers: apart.Readers) -> None:
    readers.limits = replace(readers.limits, processor=1, patience=60)
    assert len({apart.read(busy)["pid"] for _each in range(4)}) == 1
    begun = time.monotonic()
    with pytest.raises(Invalid):
        apart.read(forever)
    assert time.monotonic() - begun < 30, "long before patience ends"


def test_one_that_went_away_in_between_is_replaced(readers: apart.Readers) -> None:
    first = apart.read(who)["pid"]
    [idle] = readers._idle
    idle.process.kill()
    idle.process.join()
    assert apart.read(who)["pid"] != first


def test_who_finds_no_turn_comes_again_later(readers: apart.Readers) -> None:
    readers.turns.acquire()
    with pytest.raises(Unavailable):
        apart.read(who)
    readers.turns.release()
    assert apart.read(who)["pid"]


def here(*_told: Any) -> Any:
    raise AssertionError("a stranger's words were read in this process")


@pytest.mark.parametrize(("network", "said"), [("feed", FEED), ("webpage", PAGE)])
def test_no_connector_reads_them_itself(network: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "parsed", here)
    monkeypatch.setattr(feeds, "plain", here)
    monkeypatch.setattr(pages, "pieces", here)
    monkeypatch.setattr(pages, "read_page", here)
    with serve(
        lambda _asked: answer(said, headers={"Content-Type": "text/html" if network == "webpage" else "text/xml"})
    ) as server:
        connector: Connector = catalogue.connector(
            AccountRef(network, server.url, ""), Egress(allow=server.allow, timeout=5)
        )
        [one] = connector.search("").items
    assert "Été" in (one.title + one.text)


def test_what_comes_back_is_what_would_have_come_here() -> None:
    dated = FEED.replace("<title>Été", "<pubDate>Mon, 02 Nov 2026 09:00:00 +0100</pubDate><title>Été")
    for said in (FEED, dated):
        told = answer_of(said, "text/xml")
        assert feeds.read_apart(told) == feeds.read_feed(told)
    told = answer_of(PAGE, "text/html")
    assert pages.read_apart(told) == pages.read_page(told)
    for nothing in (feeds.read_apart, pages.read_apart):
        with pytest.raises(Invalid, match="no "):
            nothing(answer_of("", "text/html"))


def answer_of(said: str, kind: str) -> Answer:
    return Answer("https://a.example/", 200, (("content-type", kind),), said.encode())
