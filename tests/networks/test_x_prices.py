"""What X charges for, and how much of it is counted: each message and person that it returned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from networks.catalogue import NETWORKS
from networks.errors import RateLimited
from networks.prices import price_of, price_of_reading, users_on
from networks.types import Draft, PostRef, Presence
from tests.networks.loopback import answer, serve
from tests.networks.squares.square import attempt
from tests.networks.test_x_quirks import DRAFT, scripted


def test_an_answer_to_who_named_us_costs_less_and_with_a_link_as_much_as_any() -> None:
    summoned = Draft("Bonjour", "fr", reply_to=PostRef("1"), summoned=True)
    assert price_of(summoned, "x") == Decimal("0.010")
    assert price_of(replace(summoned, summoned=False), "x") == Decimal("0.015")
    assert price_of(replace(summoned, text="Voir https://fin.be"), "x") == Decimal("0.20")


def test_only_who_owns_the_app_reads_its_mentions_at_the_low_price() -> None:
    assert price_of_reading("x", mentions=1000, others=1) == Decimal("5.005")
    assert price_of_reading("x", mentions=1000, others=1, owns_app=True) == Decimal("1.005")


def test_what_was_read_before_a_look_broke_off_is_counted() -> None:
    """A page has come, the next one is refused: what came is paid for, and says nothing of what is behind it."""
    others = [{"id": str(n), "text": "Autre", "created_at": "2026-11-28T10:00:00Z"} for n in range(30, 10, -1)]
    page = {"data": others, "includes": {"posts": [{"id": "1"}], "users": [{"id": "7"}, {"id": "8"}]}}
    pages = [answer(page | {"meta": {"next_token": "n"}}), answer({"title": "Too Many Requests"}, 429)]
    with serve(lambda _asked: pages.pop(0)) as server:
        found = scripted(server).reconcile(DRAFT, attempt())
    assert (found.presence, found.read, found.users) == (Presence.UNCERTAIN, 21, 2)
    with serve(lambda _asked: answer({"title": "Too Many Requests"}, 429)) as server, pytest.raises(RateLimited):
        scripted(server).reconcile(DRAFT, attempt())


def test_a_page_says_how_many_were_paid_for_and_a_message_how_often_it_was_read() -> None:
    good = {"id": "9", "text": "Bonjour", "author_id": "3", "created_at": "2026-11-28T10:00:00Z"}
    told = answer({"data": [good, {"text": "no id"}], "meta": {"newest_id": "9", "result_count": 2}})
    ours = answer({"data": [good | {"id": "8"}], "meta": {"newest_id": "8", "result_count": 1}})
    with serve(lambda asked: told if asked.path.endswith("/mentions") else ours) as server:
        page = scripted(server).inbox()
    assert (len(page.items), page.returned, page.brought, users_on(page)) == (1, 2, 1, 2)
    edited = answer({"data": good | {"edit_history_tweet_ids": ["9", "11"]}})
    newest = answer({"data": good | {"id": "11", "edit_history_tweet_ids": ["9", "11"]}})
    with serve(lambda asked: newest if asked.path.endswith("/11") else edited) as server:
        seen = scripted(server).fetch(PostRef("9"))
    assert seen
    assert (seen.read, seen.users) == (2, 1)


def test_what_it_costs_is_known_before() -> None:
    assert price_of(DRAFT, "x") == Decimal("0.015")
    assert price_of(Draft("Voir https://fin.be", "fr"), "x") == Decimal("0.20")
    assert price_of(Draft("Voir", "fr", link="https://fin.be"), "x") == Decimal("0.20")
    assert price_of(Draft("Voir fin.be", "fr"), "x") == Decimal("0.20"), "an address needs no protocol to be one"
    assert price_of(Draft("Un point.Sans espace", "fr"), "x") == Decimal("0.015")
    assert price_of_reading("x", mentions=1000, others=10) == Decimal("5.05")
    assert price_of_reading("x", users=3) == Decimal("0.030")
    can = NETWORKS["x"].capabilities
    assert can.prices
    assert can.prices.at == date(2026, 8, 1)
    assert can.prices.source.startswith("https://docs.x.com/")
    assert (can.recheck_days, can.inbox_seconds, can.search_seconds) == (7, 300, 3600)
