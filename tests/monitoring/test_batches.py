"""A page costs the same few statements however much is on it, and small pages are written together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts_registry.models import Account
from conversations.models import Conversation
from monitoring.actions import pull_next, pull_what_is_due, pulling, reading
from monitoring.actions.receiving import receive
from monitoring.models import Entry, Item, Mention, Stream
from networks.errors import RateLimited
from networks.types import Incoming, Page
from tests.factories.monitoring import SourceFactory, incoming
from tests.factories.prices import charge, give_budget
from tests.monitoring.network import FakeNetwork


def turn() -> None:
    Stream.objects.update(next_pull_at=Now())
    pull_what_is_due(seconds=0)
    pull_next()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each transaction wrote."""
    sizes: list[int] = []

    def counted(*, items: list[Incoming], **facts: Any) -> int:
        sizes.append(len(items))
        return receive(items=items, **facts)

    monkeypatch.setattr(pulling, "receive", counted)
    return sizes


def threads(first: int, count: int) -> list[Incoming]:
    """Every other message goes on with the thread of the one before."""
    return [
        incoming(number, author=f"citizen-{number // 2}", id=f"s-{number}", parent=None)
        if number % 2 == 0
        else incoming(
            number, author=f"citizen-{number // 2}", id=f"s-{number}", parent=incoming(0, id=f"s-{number - 1}").ref
        )
        for number in range(first, first + count)
    ]


def statements(account: Account, items: list[Incoming]) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert receive(account=account, items=items) == len(items)
    return len(asked)


def test_a_page_of_new_messages_takes_the_same_statements_whatever_its_size(account: Account) -> None:
    few, many = statements(account, threads(0, 4)), statements(account, threads(10, 60))
    assert (few, many) == (18, 18)
    assert (Mention.objects.count(), Conversation.objects.count()) == (64, 32)


def test_conversations_that_go_on_are_written_together_too(account: Account) -> None:
    receive(account=account, items=[incoming(number, id=f"s-{number}") for number in range(20)])

    def more(numbers: range) -> list[Incoming]:
        begun = datetime(2026, 11, 3, 9, tzinfo=UTC)
        return [
            incoming(
                100 + number,
                author=f"citizen-{number}",
                parent=incoming(0, id=f"s-{number}").ref,
                created_at=begun + timedelta(seconds=number),
            )
            for number in numbers
        ]

    assert statements(account, more(range(2))) == statements(account, more(range(2, 20))) == 18
    last = Conversation.objects.values_list("last_mention_at", flat=True)
    assert {moment.day for moment in last} == {3}


def test_entries_of_a_feed_take_the_same_statements_whatever_their_number(db: None) -> None:
    source = SourceFactory.create()
    now = datetime.now(UTC)

    def taken(numbers: range) -> int:
        with CaptureQueriesContext(connection) as asked:
            reading._store(source, [incoming(number, created_at=now) for number in numbers], now)
        return len(asked)

    assert taken(range(2)) == taken(range(2, 60)) == 5
    assert Entry.objects.count() == 60


@pytest.mark.longer
def test_small_pages_of_one_turn_are_written_at_once(
    account: Account, network: FakeNetwork, written: list[int]
) -> None:
    network.messages += [incoming(number, created_at=datetime.now(UTC)) for number in range(95)]
    turn()
    assert written == [60]
    assert Stream.objects.get().gaps == [{"since": "", "older": "35"}]


@pytest.mark.longer
def test_large_pages_are_not_heaped_up(
    account: Account, network: FakeNetwork, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "TOGETHER", 20)
    network.messages += [incoming(number, created_at=datetime.now(UTC)) for number in range(95)]
    turn()
    assert written == [20, 20, 20]


@pytest.mark.longer
def test_what_waits_too_long_is_written(
    account: Account, network: FakeNetwork, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "UNWRITTEN", 0.0)
    network.messages += [incoming(number, created_at=datetime.now(UTC)) for number in range(25)]
    turn()
    assert written == [10, 10, 5]


@pytest.mark.longer
def test_where_reading_costs_each_page_is_written_before_the_next_is_asked_for(
    account: Account, network: FakeNetwork, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(monkeypatch)
    give_budget(account, 1)
    network.messages += [incoming(number, created_at=datetime.now(UTC)) for number in range(25)]
    turn()
    assert written == [10, 10, 5]


def test_what_was_read_is_kept_when_the_network_stops_answering(account: Account, network: FakeNetwork) -> None:
    network.messages += [incoming(number, created_at=datetime.now(UTC)) for number in range(95)]

    def stop_at_the_fourth() -> None:
        if len(network.calls) == 3:
            raise RateLimited(retry_at=datetime.now(UTC) + timedelta(minutes=1))

    network.before_each = stop_at_the_fourth
    turn()
    assert Item.objects.count() == 30
    stream = Stream.objects.get()
    assert (stream.newest, stream.gaps) == ("94", [{"since": "", "older": "65"}])


def test_a_page_that_cannot_be_written_is_not_tried_twice(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[list[Page]] = []

    def broken(stream: Stream, pages: list[Page]) -> None:
        tried.append(pages)
        raise ValueError("not to be stored")

    monkeypatch.setattr(pulling, "_keep", broken)
    network.messages += [incoming(1, created_at=datetime.now(UTC))]
    turn()
    assert len(tried) == 1
    assert Stream.objects.get().newest == ""
