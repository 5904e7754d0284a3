"""Reading costs by the message; it stops where the money does, says so, and goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts_registry.enums.spending import BUDGET_MISSING, BUDGET_USED_UP, Spent
from accounts_registry.models import Account, Spending
from conversations.actions import answer_conversation
from conversations.models import Conversation
from delivery.actions import bind
from delivery.actions.paying import cost_of
from delivery.models import Delivery
from monitoring.actions import pull_next, pull_what_is_due
from monitoring.models import Mention, Stream
from monitoring.queries import waiting_for
from organisation.lifecycle import Refused
from organisation.models import Person
from tests.factories.monitoring import WatchFactory, incoming
from tests.factories.prices import FINE_PRICES, charge, give_budget
from tests.monitoring.network import FakeNetwork


@pytest.fixture(autouse=True)
def charged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    charge(monkeypatch)
    with translation.override("en"):
        yield


def turn() -> None:
    Stream.objects.update(next_pull_at=Now())
    pull_what_is_due(seconds=0)
    pull_next()


def write(network: FakeNetwork, count: int) -> None:
    start = len(network.messages)
    network.messages += [incoming(number, created_at=datetime.now(UTC)) for number in range(start, start + count)]


def read() -> tuple[int, int]:
    return Spending.objects.values_list("amount", "count").get(what=Spent.READING)


def test_nothing_is_read_until_somebody_sets_a_budget(account: Account, network: FakeNetwork) -> None:
    write(network, 3)
    turn()
    assert network.calls == []
    stream = Stream.objects.get()
    assert (stream.problem_code, stream.failing_since) == (BUDGET_MISSING, None)
    give_budget(account, 1)
    turn()
    assert Mention.objects.count() == 3
    assert Stream.objects.get().problem_code == ""
    assert read() == (3_000, 3)


@pytest.mark.longer
def test_reading_stops_in_the_middle_of_a_flood_and_goes_on_where_it_stood(
    account: Account, network: FakeNetwork
) -> None:
    write(network, 100)
    give_budget(account, 1.025, kept=1)
    turn()
    assert read() == (30_000, 30), "two pages were within it, the third went over, no fourth was asked for"
    stream = Stream.objects.get()
    assert stream.problem_code == BUDGET_USED_UP
    assert stream.gaps
    give_budget(account, 10, kept=1)
    for _each in range(3):
        turn()
    assert Mention.objects.count() == 100
    assert read() == (100_000, 100), "nothing was read twice"


@pytest.mark.longer
def test_what_a_watch_finds_costs_more(account: Account, network: FakeNetwork) -> None:
    give_budget(account, 10)
    turn()
    watch = WatchFactory.create(account=account, state="active")
    write(network, 4)
    Stream.objects.update(next_pull_at=datetime(2100, 1, 1, tzinfo=UTC))
    pull_what_is_due(seconds=0)
    pull_next()
    assert watch.stream.last_pulled_at
    assert read() == (20_000, 4)


@pytest.mark.longer
def test_looking_again_costs_too_and_stops_too(account: Account, network: FakeNetwork) -> None:
    give_budget(account, 1)
    write(network, 2)
    turn()
    Mention.objects.update(check_at=Now())
    turn()
    assert read() == (2_000 + 2 * 5_000, 4)
    give_budget(account, 0.001)
    Mention.objects.update(check_at=Now())
    calls = len(network.calls)
    turn()
    assert len(network.calls) == calls


@pytest.mark.longer
def test_inbox_and_today_say_that_reading_stopped_and_answering_goes_on(
    account: Account, network: FakeNetwork, manager: Person
) -> None:
    bind()
    give_budget(account, 2, kept=1)
    write(network, 1)
    turn()
    Spending.objects.update(amount=1_500_000)
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    html = client.get(reverse("conversations:inbox")).content.decode()
    assert "answering goes on" in html
    assert [one for one in waiting_for(manager) if "answering goes on" in str(one.detail)]
    conversation = Conversation.objects.get()
    assert (
        "This answer: $0.015."
        in client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()
    )
    answer_conversation(conversation=conversation, text="Bonjour", by=manager)
    Spending.objects.update(amount=2_000_000)
    with pytest.raises(Refused, match="used up"):
        answer_conversation(conversation=conversation, text="Encore", by=manager)


# ---- People, owners, and whoever turns to us ------------------------------------------------------------------------
@pytest.mark.parametrize(("owns_app", "each"), [(False, 5_000), (True, 1_000)])
def test_each_page_counts_its_messages_and_its_people_and_only_the_apps_owner_pays_less(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, owns_app: bool, each: int
) -> None:
    charge(monkeypatch, FINE_PRICES)
    give_budget(account, 10, owns_app=owns_app)
    network.messages = [incoming(number, author=f"citizen-{number % 2}") for number in range(6)]
    turn()
    assert read() == (6 * each + 2 * 10_000, 6)


def test_looking_again_counts_the_author_and_each_version_read(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(monkeypatch, FINE_PRICES)
    give_budget(account, 10)
    write(network, 1)
    turn()
    before = read()
    network.messages[0] = replace(network.messages[0], read=2, users=3)
    Mention.objects.update(check_at=Now())
    turn()
    assert read() == (before[0] + 2 * 5_000 + 3 * 10_000, before[1] + 2)


def test_what_nobody_could_read_and_what_came_along_was_paid_for_all_the_same(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(monkeypatch, FINE_PRICES)
    give_budget(account, 10, owns_app=True)
    write(network, 1)
    whole = network.inbox
    monkeypatch.setattr(network, "inbox", lambda **asked: replace(whole(**asked), read=3, brought=2, users=7))
    turn()
    assert read() == (3 * 1_000 + 2 * 5_000 + 7 * 10_000, 5)


@pytest.mark.longer
@pytest.mark.parametrize(("kind", "told", "cost"), [("mention", "$0.01", 10_000), ("search_hit", "$0.015", 15_000)])
def test_the_page_tells_what_an_answer_will_count(
    account: Account,
    network: FakeNetwork,
    manager: Person,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    told: str,
    cost: int,
) -> None:
    bind()
    charge(monkeypatch, FINE_PRICES)
    give_budget(account, 2)
    write(network, 1)
    turn()
    Mention.objects.update(kind=kind)
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    conversation = Conversation.objects.get()
    html = client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()
    assert f"This answer: {told}." in html
    answer_conversation(conversation=conversation, text="Bonjour", by=manager)
    delivery = Delivery.objects.get()
    assert cost_of(account, delivery.content) == cost
