"""Cursors that miss nothing and starve nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from accounts_registry.enums import ConnectionState
from accounts_registry.models import Account
from conversations.models import Conversation
from monitoring.actions import pull_next, pull_what_is_due, pulling
from monitoring.models import Item, Mention, Stream
from networks.errors import AuthExpired, Invalid, NetworkError, RateLimited, Unavailable
from networks.types import Page
from tests.factories.monitoring import WatchFactory, incoming
from tests.monitoring.conftest import speak_with
from tests.monitoring.network import FakeNetwork


def turn() -> None:
    """One turn of everything, whatever its pause says."""
    Stream.objects.update(next_pull_at=Now())
    pull_what_is_due(seconds=0)
    pull_next()


def texts() -> set[str]:
    return set(Item.objects.values_list("text", flat=True))


def write(network: FakeNetwork, count: int) -> None:
    start = len(network.messages)
    network.messages += [incoming(number, created_at=datetime.now(UTC)) for number in range(start, start + count)]


@pytest.mark.longer
def test_the_newest_come_first_and_the_gap_is_closed_later(account: Account, network: FakeNetwork) -> None:
    write(network, 95)
    turn()
    assert "Question 94" in texts()
    assert len(texts()) == 60  # the newest page and five of the gap
    assert Stream.objects.get().gaps == [{"since": "", "older": "35"}]
    write(network, 3)
    turn()
    assert {f"Question {number}" for number in range(95, 98)} <= texts()
    assert texts() == {one.text for one in network.messages}
    assert Stream.objects.get().gaps == []


@pytest.mark.longer
def test_a_flood_between_two_turns_opens_a_gap_above_the_high_water_mark(
    account: Account, network: FakeNetwork
) -> None:
    write(network, 5)
    turn()
    write(network, 200)
    turn()
    assert "Question 204" in texts()
    assert Stream.objects.get().gaps[0]["since"] == "4"
    write(network, 200)
    for _each in range(8):
        turn()
    assert texts() == {one.text for one in network.messages}


@pytest.mark.longer
def test_messages_that_arrive_while_pages_are_read_are_neither_lost_nor_doubled(
    account: Account, network: FakeNetwork
) -> None:
    write(network, 120)
    network.before_each = lambda: write(network, 7)
    for _each in range(12):
        turn()
    network.before_each = lambda: None
    for _each in range(12):
        turn()
    assert Mention.objects.count() == len(network.messages) == len(texts())


@pytest.mark.longer
def test_a_crash_before_the_page_is_written_costs_a_second_reading_only(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(network, 8)
    whole = pulling.receive

    def breaks(**facts: object) -> int:
        whole(**facts)
        raise RuntimeError("the worker dies here")

    monkeypatch.setattr(pulling, "receive", breaks)
    turn()
    assert Mention.objects.count() == 0
    assert Stream.objects.get().newest == ""
    monkeypatch.setattr(pulling, "receive", whole)
    turn()
    assert Mention.objects.count() == 8


def test_whoever_lost_the_claim_writes_nothing(account: Account, network: FakeNetwork) -> None:
    write(network, 8)
    network.before_each = lambda: Stream.objects.update(epoch=99) and None
    turn()
    assert Mention.objects.count() == 0
    assert Stream.objects.get().newest == ""


def test_a_claimed_stream_is_left_alone_until_its_lease_is_over(account: Account, network: FakeNetwork) -> None:
    write(network, 1)
    pulling._know_all_streams()
    Stream.objects.update(lease_until=Now() + timedelta(minutes=1))
    assert not pull_next()
    Stream.objects.update(lease_until=Now() - timedelta(minutes=1))
    assert pull_next()
    assert Mention.objects.count() == 1


@pytest.mark.longer
def test_a_place_that_the_network_forgot_is_walked_again_from_the_top(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(network, 30)
    honest = network.inbox

    def forgetful(*, since: str = "", older: str = "") -> object:
        if older == "20":
            raise Invalid("older")
        return honest(since=since, older=older)

    monkeypatch.setattr(network, "inbox", forgetful)
    turn()
    network.page = 40
    turn()
    assert Mention.objects.count() == 30


@pytest.mark.parametrize("error", [Unavailable(), Invalid("x"), AuthExpired()])
def test_what_fails_is_shown_put_off_and_heals(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, error: NetworkError
) -> None:
    def fails(**cursors: str) -> None:
        raise error

    monkeypatch.setattr(network, "inbox", fails)
    turn()
    stream = Stream.objects.get()
    assert stream.problem_code == error.code
    assert stream.problem
    assert stream.failing_since is not None
    assert stream.next_pull_at > datetime.now(UTC)
    account.refresh_from_db()
    broken = ConnectionState.BROKEN if isinstance(error, AuthExpired) else ConnectionState.CONNECTED
    assert account.connection_state == broken
    Account.objects.update(connection_state=ConnectionState.CONNECTED)
    monkeypatch.undo()
    speak_with(network, monkeypatch)
    turn()
    stream.refresh_from_db()
    assert (stream.failing_since, stream.problem_code, stream.failures) == (None, "", 0)


def test_a_rate_limit_is_kept_to_the_second(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime.now(UTC) + timedelta(minutes=7)

    def limited(**cursors: str) -> None:
        raise RateLimited(until)

    monkeypatch.setattr(network, "inbox", limited)
    turn()
    stream = Stream.objects.get()
    assert stream.next_pull_at == until
    assert stream.failing_since is None


def test_a_rate_limit_that_is_over_by_the_databases_clock_is_a_pause_all_the_same(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by a machine whose clock is slow; else the network is asked again at once, and again."""

    def limited(**cursors: str) -> None:
        raise RateLimited(datetime.now(UTC) - timedelta(minutes=5))

    monkeypatch.setattr(network, "inbox", limited)
    turn()
    assert not pull_next()


def test_a_disconnected_account_is_not_called(account: Account, network: FakeNetwork) -> None:
    Account.objects.update(connection_state=ConnectionState.BROKEN)
    turn()
    assert network.calls == []


@pytest.mark.longer
def test_a_watch_collects_while_it_is_active_and_not_a_day_longer(account: Account, network: FakeNetwork) -> None:
    watch = WatchFactory.create(account=account, state="active")
    write(network, 2)
    turn()
    assert Stream.objects.filter(watch=watch).exists()
    turn()
    assert Mention.objects.count() == 2
    type(watch).objects.update(expires_on=watch.today - timedelta(days=1))
    network.calls.clear()
    Stream.objects.filter(watch=None).delete()
    Account.objects.update(network="none")
    turn()
    watch.refresh_from_db()
    assert watch.state == "ended"
    assert network.calls == []


@pytest.mark.longer
def test_the_first_reading_stops_where_keeping_stops(account: Account, network: FakeNetwork) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    network.messages = [incoming(number, created_at=long_ago) for number in range(500)]
    write(network, 5)
    turn()
    assert Stream.objects.get().gaps == []
    # The newest page, and five more: other posts' answers may still come below old ones.
    assert len([call for call in network.calls if "inbox" in call]) == 6
    assert Conversation.objects.count() == 60


@pytest.mark.longer
def test_old_answers_to_one_post_do_not_hide_new_ones_to_another(account: Account, network: FakeNetwork) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    write(network, 20)
    network.messages += [incoming(number, created_at=long_ago) for number in range(20, 50)]
    write(network, 5)
    turn()
    turn()
    assert {f"Question {number}" for number in range(20)} <= texts()


def test_an_empty_page_is_not_the_end(account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    write(network, 50)
    honest = network.inbox

    def patchy(*, since: str = "", older: str = "") -> Page:
        page = honest(since=since, older=older)
        return Page((), page.older, page.newest) if older in {"", "40", "30"} else page

    monkeypatch.setattr(network, "inbox", patchy)
    turn()
    assert {f"Question {number}" for number in range(20)} <= texts()


@pytest.mark.longer
def test_pages_that_are_empty_without_end_do_end(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "inbox", lambda *, since="", older="": Page((), f"{older}x", ""))
    for _each in range(pulling.ENOUGH // pulling.GAP_PAGES - 1):
        turn()
    assert len(Stream.objects.get().gaps) == 1
    turn()
    assert Stream.objects.get().gaps == []


@pytest.mark.longer
def test_what_a_network_shows_late_is_found_the_day_after(account: Account, network: FakeNetwork) -> None:
    write(network, 30)
    turn()
    network.messages.insert(3, incoming(100, created_at=datetime.now(UTC) - timedelta(hours=3)))
    turn()
    assert "Question 100" not in texts()
    Stream.objects.update(last_pulled_at=Now() - timedelta(days=1))
    turn()
    assert "Question 100" in texts()
    before = len(network.calls)
    turn()
    assert len(network.calls) == before + 1  # once a day
    assert Mention.objects.count() == 31


@pytest.mark.longer
def test_what_the_citizen_deleted_loses_its_text_here(account: Account, network: FakeNetwork) -> None:
    write(network, 2)
    turn()
    network.gone.add(network.messages[0].ref.id)
    Mention.objects.update(check_at=Now())
    turn()
    gone, kept = Mention.objects.order_by("item__remote_id")
    assert (gone.text, gone.gone_at is not None) == ("", True)
    assert gone.inbound.conversation.author_handle == ""
    assert kept.text == "Question 1"
