"""Networks are asked to call us about each account; what comes of that harms nothing else.

Over sockets both ways: our workers ask the training network, and it calls our own address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from pytest_django.live_server_helper import LiveServer

from accounts_registry.actions import disconnect_account, revoke_pending, subscribe_due
from accounts_registry.actions.listening import SUBSCRIPTIONS
from accounts_registry.models import Account, PendingRevocation, Subscription
from accounts_registry.queries import connector_for
from monitoring.actions import pull_what_is_due
from monitoring.models import Mention, Stream
from networks.catalogue import NETWORKS
from networks.egress import Egress
from networks.errors import RateLimited
from networks.x.subscriptions import XSubscriptions
from organisation.models import AuditEvent
from tests.accounts_registry.listening import (
    ASKED,
    NEEDED,
    SAID,
    TELLING,
    ask,
    calls,
    connected,
    due,
    nobody_is_woken,
    page_of,
    set_up,
    write_to,
)
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.prices import give_budget
from tests.thorough import thorough_but

__all__ = ["nobody_is_woken", "simulator", "simulator_server", "walk"]


def test_every_network_with_webhooks_is_asked() -> None:
    assert sorted(key for key, one in NETWORKS.items() if one.subscriptions) == TELLING == sorted(ASKED)


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", thorough_but(TELLING, "facebook", "x"))
def test_from_the_connection_to_the_inbox(walk: Walk, live_server: LiveServer, key: str) -> None:
    account = connected(walk, key, url=live_server.url)
    give_budget(account, 10)
    write_to(walk, account, "Before anybody asked")
    assert calls(walk) == []
    assert "about to ask the network" in page_of(walk, account)
    assert subscribe_due(seconds=10) == 1
    assert subscribe_due(seconds=10) == 0
    assert SAID in page_of(walk, account)
    assert AuditEvent.objects.filter(verb="account.listening").count() == 1
    pull_what_is_due(seconds=20)
    before = Mention.objects.count()
    Stream.objects.update(next_pull_at=Now() + timedelta(hours=1), last_pulled_at=Now() - timedelta(hours=1))
    assert due() == 0
    write_to(walk, account, "Where is my letter?")
    assert calls(walk) == [204]
    assert due() == 1
    pull_what_is_due(seconds=20)
    assert Mention.objects.count() == before + 1
    newest = Mention.objects.order_by("pk").last()
    assert newest
    assert newest.account == account
    assert newest.text.endswith("Where is my letter?")

    disconnect_account(account=account, by=walk.house.manager, reason="Moving on")
    assert revoke_pending(seconds=10) == 1
    assert not PendingRevocation.objects.exists()
    assert not Subscription.objects.exists()
    write_to(walk, account, "Is anybody there?")
    assert calls(walk) == [204]


@pytest.mark.longer
@pytest.mark.django_db
@pytest.mark.parametrize("key", thorough_but(TELLING, "facebook"))
def test_asking_twice_is_asking_once(walk: Walk, key: str, events: Callable[[], list[str]]) -> None:
    account = connected(walk, key)
    assert [ask(), ask(), ask()] == [1, 1, 1]
    write_to(walk, account, "Once")
    assert len(calls(walk)) == 1
    assert events() == ["account.connected", "account.listening"]


@pytest.mark.longer
@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(NEEDED))
def test_a_scope_that_was_not_granted_is_said_and_blocks_nothing(
    walk: Walk, key: str, monkeypatch: pytest.MonkeyPatch, events: Callable[[], list[str]]
) -> None:
    account = set_up(walk, key)
    asked = walk.begin(account)
    assert NEEDED[key] in asked
    walk.back(walk.agree(asked.replace(NEEDED[key], "")))
    account.refresh_from_db()
    assert (account.connection_state, account.publishable, account.may_read) == ("half_connected", True, True)
    assert [ask(), ask()] == [1, 1]
    page = page_of(walk, account)
    assert "be told by the network at once when somebody writes" in page
    assert "does not agree to tell it at once: The credentials work but do not allow everything" in page
    assert "Parvis looks every" in page
    assert events() == ["account.connected", "account.not_listening"]
    account.refresh_from_db()
    assert (account.connection_state, account.publishable, account.may_read) == ("half_connected", True, True)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", TELLING)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "html"},
        {"kind": "reset"},
        {"kind": "late", "seconds": 2, "moment": "before"},
    ],
)
def test_a_network_that_is_away_is_asked_again_and_again(
    walk: Walk,
    key: str,
    fault: dict[str, object],
    events: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = connected(walk, key)
    hasty = Egress(allow=frozenset({walk.simulator.host}), timeout=1)
    monkeypatch.setattr("accounts_registry.actions.listening.egress", lambda: hasty)
    walk.simulator.fault(match=ASKED[key], **fault)
    assert [ask(), ask()] == [1, 1]
    assert subscribe_due(seconds=10) == 0, "it waits between two tries"
    page = page_of(walk, account)
    assert "could not be asked yet" in page
    account.refresh_from_db()
    assert account.connection_state == "connected"
    assert connector_for(account).identify().handle == "finances"
    walk.simulator.heal()
    assert ask() == 1
    assert SAID in page_of(walk, account)
    assert events() == ["account.connected", "account.listening"]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", TELLING)
@pytest.mark.parametrize("kind", ["lost_answer", "truncated"])
def test_a_lost_answer_is_no_second_subscription(walk: Walk, key: str, kind: str) -> None:
    account = connected(walk, key)
    walk.simulator.fault(kind, ASKED[key], times=1)
    assert [ask(), ask()] == [1, 1]
    assert SAID in page_of(walk, account)
    write_to(walk, account, "Once")
    assert len(calls(walk)) == 1


@pytest.mark.longer
@pytest.mark.django_db
def test_each_pause_is_longer_than_the_last(walk: Walk) -> None:
    connected(walk, "x")
    walk.simulator.fault("status", ASKED["x"], status=503)
    pauses = []
    for _try in range(4):
        ask()
        row = Subscription.objects.annotate(now=Now()).get()
        pauses.append(round((row.next_try_at - row.now) / timedelta(minutes=1)))
    assert pauses == [1, 2, 4, 8]


@pytest.mark.longer
@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "expected"), [(-5, 1), (30, 30)])
def test_a_network_that_wants_to_be_left_alone_is(
    walk: Walk, minutes: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the database's clock: to a worker whose own is slow, the moment that the network named is over at once."""
    connected(walk, "x")

    def limited(*given: object) -> str:
        raise RateLimited(datetime.now(UTC) + timedelta(minutes=minutes))

    monkeypatch.setattr(XSubscriptions, "subscribe", limited)
    assert subscribe_due(seconds=2) == 1
    row = Subscription.objects.annotate(now=Now()).get()
    assert round((row.next_try_at - row.now) / timedelta(minutes=1)) == expected


@pytest.mark.longer
@pytest.mark.django_db
def test_one_worker_asks_at_a_time_and_a_dead_ones_turn_ends(walk: Walk) -> None:
    connected(walk, "x")
    assert ask() == 1
    Subscription.objects.update(lease_until=Now() + timedelta(minutes=1))
    assert ask() == 0
    Subscription.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert ask() == 1


@pytest.mark.django_db(transaction=True)
def test_a_turn_is_known_before_anybody_can_end_it(walk: Walk) -> None:
    """Read after its transaction, it could be what somebody made of it meanwhile, and pass for a turn of its own."""
    connected(walk, "x")
    Subscription.objects.create(account=Account.objects.get())
    outside: list[str] = []

    def watch(
        execute: Callable[..., object], sql: str, params: object, many: bool, context: dict[str, object]
    ) -> object:
        if not connection.in_atomic_block and "accounts_registry_subscription" in sql:
            outside.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        claimed = SUBSCRIPTIONS.claim()
    assert claimed
    assert claimed.lease_until
    assert not outside


@pytest.mark.longer
@pytest.mark.django_db
def test_whose_turn_is_over_writes_nothing(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, events: Callable[[], list[str]]
) -> None:
    account = connected(walk, "x")
    agree = XSubscriptions.subscribe

    def slowly(self: XSubscriptions, *given: object) -> str:
        name = agree(self, *given)
        Subscription.objects.update(lease_until=Now() + timedelta(minutes=9), epoch=F("epoch") + 1)
        return name

    monkeypatch.setattr(XSubscriptions, "subscribe", slowly)
    assert ask() == 1
    assert Subscription.objects.get().since is None
    assert events() == ["account.connected"]
    write_to(walk, account, "Somebody else is at it")
    assert len(calls(walk)) == 1


@pytest.mark.django_db
def test_what_stood_stands_while_the_network_is_away(walk: Walk, events: Callable[[], list[str]]) -> None:
    account = connected(walk, "linkedin")
    ask()
    walk.simulator.fault("status", ASKED["linkedin"], status=503)
    ask()
    assert SAID in page_of(walk, account)
    assert events() == ["account.connected", "account.listening"]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", TELLING)
def test_connecting_again_asks_again(walk: Walk, key: str, events: Callable[[], list[str]]) -> None:
    account = connected(walk, key)
    ask()
    walk.connect(account)
    assert "about to ask the network" in page_of(walk, account)
    assert subscribe_due(seconds=10) == 1
    assert SAID in page_of(walk, account)
    assert events() == ["account.connected", "account.listening"] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", thorough_but(TELLING, "facebook"))
def test_nothing_is_asked_where_nobody_set_it_up(walk: Walk, key: str) -> None:
    account = walk.account(key)
    asked = walk.begin(account)
    alone = [scope.name for scope in NETWORKS[key].scopes if {need.value for need in scope.needs} == {"listen"}]
    assert not [name for name in alone if name in asked]
    walk.back(walk.agree(asked))
    account.refresh_from_db()
    assert account.connection_state == "connected"
    assert subscribe_due(seconds=10) == 0
    assert not Subscription.objects.exists()
    assert "have not set up that this network tells at once" in page_of(walk, account)


@pytest.mark.longer
@pytest.mark.django_db
def test_a_network_that_never_tells_says_so(walk: Walk) -> None:
    account = walk.account("mastodon")
    walk.connect(account)
    assert subscribe_due(seconds=10) == 0
    page = page_of(walk, account)
    assert "Parvis looks every 15 seconds" in page
    assert "does not tell of each account at once" in page


@pytest.mark.longer
@pytest.mark.django_db
@pytest.mark.parametrize("key", thorough_but(TELLING, "x"))
def test_an_address_that_was_not_entered_at_the_network_is_refused(
    walk: Walk, key: str, events: Callable[[], list[str]]
) -> None:
    account = connected(walk, key)
    walk.settings.PUBLIC_URL = "http://127.0.0.1:10"
    assert ask() == 1
    assert "does not agree to tell it at once" in page_of(walk, account)
    assert events() == ["account.connected", "account.not_listening"]


@pytest.mark.longer
@pytest.mark.django_db
@pytest.mark.parametrize(("key", "name"), [("facebook", "client_secret"), ("x", "token")])
def test_the_apps_own_credentials_are_nobodys_connection(walk: Walk, key: str, name: str) -> None:
    account = connected(walk, key)
    walk.settings.NETWORK_APPS = {key: {**walk.settings.NETWORK_APPS[key], name: "no such thing"}}
    assert ask() == 1
    assert Subscription.objects.get().problem == "rejected"
    account.refresh_from_db()
    assert account.connection_state == "connected"
