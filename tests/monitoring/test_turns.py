"""One turn of a stream: whom it asks, what stops it, and which part of the past it goes on with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db.models.functions import Now

from accounts_registry import vault
from accounts_registry.enums import ConnectionState
from accounts_registry.models import Account
from monitoring.actions import checking, claiming, pull_next, pull_what_is_due, pulling
from monitoring.actions.receiving import receive
from monitoring.enums import StreamKind
from monitoring.models import Mention, Source, Stream, Watch
from monitoring.schedule import RETENTION
from networks.egress import Egress
from networks.errors import AuthExpired, Invalid, OutcomeUnknown, PermissionMissing, Rejected, Unavailable
from networks.paging import LANES_A_PAGE
from networks.types import Incoming, Page, PostRef
from tests.factories.monitoring import SourceFactory, StreamFactory, WatchFactory, incoming
from tests.monitoring.network import FakeNetwork

CONNECTED, BROKEN = ConnectionState.CONNECTED, ConnectionState.BROKEN


@pytest.fixture
def stream(account: Account) -> Stream:
    """The account's inbox, read up to its fourth message."""
    return StreamFactory.create(account=account, newest="4", last_pulled_at=Now())


@pytest.fixture
def watch(account: Account) -> Watch:
    return WatchFactory.create(account=account, state="active")


@pytest.fixture
def watched(watch: Watch) -> Stream:
    return StreamFactory.create(account=watch.account, watch=watch, kind=StreamKind.WATCH)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Mock:
    looks = Mock()
    monkeypatch.setattr(pulling, "check_mentions", looks)
    return looks


def turn(stream: Stream) -> Stream:
    """As it stands after one turn of it alone."""
    alone = replace(pulling.STREAMS, due=lambda: Stream.objects.filter(pk=stream.pk))
    claimed = alone.claim()
    assert claimed == stream
    pulling._turn(claimed)
    stream.refresh_from_db()
    return stream


def says(network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, *answers: Any) -> list[tuple[str, str]]:
    """The inbox gives these answers one after the other, then empty pages; what it was asked."""
    left, asked = list(answers), []

    def inbox(*, since: str = "", older: str = "") -> Page:
        asked.append((since, older))
        answer = left.pop(0) if left else Page(())
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(network, "inbox", inbox)
    return asked


def page(*numbers: int, older: str = "", newest: str = "") -> Page:
    return Page(tuple(now(number) for number in numbers), older=older, newest=newest)


def now(number: int) -> Incoming:
    return incoming(number, created_at=datetime.now(UTC))


# ---- Whose turn it is -----------------------------------------------------------------------------------------------
def test_a_run_ends_what_is_over_and_with_its_time(
    account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = SourceFactory.create()
    Source.objects.update(expires_on=source.today - timedelta(days=1))
    assert pull_what_is_due(seconds=0) == 0
    source.refresh_from_db()
    assert (source.state, network.calls, Stream.objects.count()) == ("ended", [], 1)
    none = Mock(return_value=False)
    monkeypatch.setattr(pulling, "pull_next", none)
    pull_what_is_due(seconds=0.5)
    assert none.call_count == 1


def test_an_account_that_a_watch_reads_has_an_inbox_all_the_same(watched: Stream) -> None:
    pulling._know_all_streams()
    pulling._know_all_streams()
    assert sorted(Stream.objects.values_list("kind", flat=True)) == [StreamKind.INBOX, StreamKind.WATCH]


def test_a_watch_searches_and_looks_after_nobodys_messages(
    watched: Stream, network: FakeNetwork, checked: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = Mock(return_value=page(1))
    monkeypatch.setattr(network, "search", search)
    turn(watched)
    search.assert_called_once_with(watched.watch.query, since="", older="")
    assert Mention.objects.get().watch == watched.watch
    assert not checked.called
    Watch.objects.update(expires_on=watched.watch.today - timedelta(days=1))
    watched = Stream.objects.get()
    turn(watched)
    assert search.call_count == 1


@pytest.mark.longer
def test_messages_are_looked_after_fewer_at_a_time_while_a_gap_is_open(
    stream: Stream, network: FakeNetwork, checked: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(network, monkeypatch, page(5))
    turn(stream)
    assert checked.call_args.kwargs["most"] == pulling.CHECKED_A_TURN
    says(network, monkeypatch, *[page(6, older="x", newest="6")] * 9)
    turn(stream)
    assert checked.call_args.kwargs["most"] == 1


# ---- What stops it --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("error", "code", "state"),
    [
        (Unavailable(), Unavailable.code, CONNECTED),
        (vault.Broken(), pulling.VAULT_BROKEN, BROKEN),
        (KeyError("x"), claiming.UNEXPECTED, CONNECTED),
    ],
    ids=str,
)
def test_where_the_sign_in_cannot_be_kept_fresh_nobody_is_asked(
    stream: Stream, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str, state: str
) -> None:
    monkeypatch.setattr(pulling, "keep_fresh", Mock(side_effect=error))
    turn(stream)
    assert (stream.problem_code, stream.failures, stream.lease_until, network.calls) == (code, 1, None, [])
    account = Account.objects.get()
    assert account.connection_state == state
    assert (account.unreachable_since is not None) is isinstance(error, Unavailable)


def test_a_network_that_answers_is_reached(stream: Stream, network: FakeNetwork) -> None:
    Account.objects.update(unreachable_since=Now())
    Stream.objects.update(next_pull_at=Now())
    assert pull_next()
    assert Account.objects.get().unreachable_since is None


@pytest.mark.parametrize(
    ("kind", "error", "state"),
    [
        ("stream", PermissionMissing(), ConnectionState.HALF_CONNECTED),
        ("stream", OutcomeUnknown("cut off"), CONNECTED),
        ("watched", PermissionMissing(), CONNECTED),
        ("watched", AuthExpired(), BROKEN),
    ],
    ids=str,
)
def test_what_a_refusal_says_of_the_account(
    request: pytest.FixtureRequest,
    network: FakeNetwork,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    error: Exception,
    state: str,
) -> None:
    """That it may not search says nothing of what is said to it."""
    one = request.getfixturevalue(kind)
    says(network, monkeypatch, error)
    turn(one)
    assert one.problem_code == error.code
    assert Account.objects.get().connection_state == state


# ---- Which part of the past -----------------------------------------------------------------------------------------
def test_a_page_that_names_no_newest_moves_no_mark(
    stream: Stream, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(network, monkeypatch, page())
    assert turn(stream).newest == "4"


def test_a_walk_of_empty_pages_hides_no_gap_above_it(
    stream: Stream, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(network, monkeypatch, *[page(older=f"empty {number}") for number in range(6)])
    walk = {"since": "4", "older": "empty 5", "fruitless": "5"}
    assert turn(stream).gaps == [walk]
    says(network, monkeypatch, page(5, older="above", newest="9"), *[page(older="on")] * 5)
    turn(stream)
    assert stream.gaps[-1] == walk
    assert stream.gaps[0]["since"] == "4"
    assert stream.newest == "9"


@pytest.mark.parametrize(("older", "error"), [("x", Rejected("no")), ("", Invalid("older"))], ids=str)
def test_a_gap_that_the_network_refuses_is_a_problem_and_stays(
    stream: Stream, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, older: str, error: Rejected
) -> None:
    gap = {"since": "4", "older": older}
    Stream.objects.update(gaps=[gap])
    asked = says(network, monkeypatch, page(), error)
    turn(stream)
    assert (stream.problem_code, stream.gaps) == (error.code, [gap])
    assert asked == [("4", ""), ("4", older)]


def test_only_the_first_reading_of_all_ends_where_keeping_ends(db: None) -> None:
    old = Page((incoming(1, created_at=datetime.now(UTC) - RETENTION - timedelta(days=1)),))
    assert not pulling._bears({"since": ""}, old)
    assert pulling._bears({"since": "4"}, old)
    assert not pulling._bears({"since": "4"}, Page(()))


def both_due(stream: Stream, network: FakeNetwork) -> list[Mention]:
    """Two messages that are to be looked at again, the first of them first."""
    network.messages = [incoming(number) for number in (1, 2)]
    receive(account=stream.account, items=network.messages)
    both = list(Mention.objects.order_by("sent_at"))
    for mention, ago in zip(both, (2, 1), strict=True):
        Mention.objects.filter(pk=mention.pk).update(check_at=Now() - timedelta(minutes=ago))
    return both


def test_a_message_that_cannot_be_looked_at_keeps_no_other_from_it(
    stream: Stream, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its author made it misshapen, which reads as a network that is away: the turn goes well, the others come next."""
    odd, _whole = both_due(stream, network)
    looked = network.fetch

    def fetch(ref: PostRef) -> Incoming | None:
        if ref.id == odd.item.remote_id:
            raise Unavailable("KeyError")
        return looked(ref)

    monkeypatch.setattr(network, "fetch", fetch)
    for _turn in range(2):
        assert turn(stream).failures == 0
    assert not Mention.objects.filter(check_at__lte=Now()).exists()


def test_a_message_of_which_the_change_cannot_be_kept_is_left_for_a_while(
    stream: Stream, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it is the first that is looked at in each turn, for ever, and the only one."""
    odd, _whole = both_due(stream, network)
    keep = checking.refresh

    def refresh(mention: Mention, told: Incoming) -> None:
        if mention.pk == odd.pk:
            raise ValueError("odd")
        keep(mention, told)

    monkeypatch.setattr(checking, "refresh", refresh)
    assert turn(stream).failures == 0
    assert not Mention.objects.filter(check_at__lte=Now()).exists()


def test_a_claim_outlasts_the_slowest_page() -> None:
    """Else all of it is read in vain, again and again, and nobody is told."""
    call = timedelta(seconds=Egress().limits.seconds)
    assert (LANES_A_PAGE + 2) * call < pulling.STREAMS.lease


def test_slow_looks_end_before_the_claim_does(
    stream: Stream, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instagram may take three minutes for one look; another worker would begin to read the same stream meanwhile."""
    network, clock = FakeNetwork(messages=[incoming(number) for number in range(5)]), Mock(return_value=0.0)

    def slow(ref: PostRef) -> Incoming | None:
        clock.return_value += 180.0
        return FakeNetwork.fetch(network, ref)

    monkeypatch.setattr(network, "fetch", slow)
    monkeypatch.setattr(checking.time, "monotonic", clock)
    receive(account=account, items=network.messages)
    Mention.objects.update(check_at=Now() - timedelta(minutes=1))
    looked = [
        len(network.calls) for _turn in range(3) if not checking.check_mentions(account=account, connector=network)
    ]
    assert looked == [2, 4, 5]
    slowest = 6 * Egress().limits.seconds
    assert checking.LOOKING + slowest < pulling.STREAMS.lease.total_seconds()
