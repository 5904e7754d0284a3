"""Networks are asked to call us about each account; what comes of that harms nothing else.

Over sockets both ways: our workers ask the training network, and it calls our own address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models.functions import Now
from pytest_django.live_server_helper import LiveServer

from accounts_registry.actions import disconnect_account, say_farewells, subscribe_due
from accounts_registry.actions.listening import PATIENCE, _claim
from accounts_registry.models import Account, Credential, Farewell, Subscription
from accounts_registry.queries import connector_for, listening_address
from monitoring.actions import pull_what_is_due
from monitoring.models import Mention, Stream
from networks.catalogue import NETWORKS
from networks.egress import Egress
from networks.x.subscriptions import XSubscriptions
from organisation.models import AuditEvent
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.prices import give_budget

__all__ = ["simulator", "simulator_server", "walk"]

SECRET = "what-the-network-signs-with"
TELLING = sorted(key for key, one in NETWORKS.items() if one.webhooks)
# Where each network is asked, and the scope without which it refuses.
ASKED = {
    "facebook": "POST /v26.0/.*/subscribed_apps",
    "instagram": "POST /v26.0/.*/subscribed_apps",
    "linkedin": "PUT /rest/eventSubscriptions/",
    "x": "POST /2/account_activity/",
}
NEEDED = {"facebook": "pages_manage_metadata", "instagram": "pages_manage_metadata", "x": "dm.read"}
ENDED = {"x": "DELETE /2/account_activity/", "linkedin": "DELETE /rest/eventSubscriptions/"}
SAID = "tells Parvis at once when somebody writes"


@pytest.fixture(autouse=True)
def nobody_is_woken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr("monitoring.actions.hearing.current_app.send_task", lambda name, **options: None)
    monkeypatch.setattr("accounts_registry.actions.waking.current_app.send_task", lambda name, **options: None)
    yield
    cache.clear()


def set_up(walk: Walk, key: str, *, url: str = "http://127.0.0.1:9") -> Account:
    """An account that nobody has connected yet, on a network where the administration entered our address at `url`."""
    account = walk.account(key)
    walk.settings.PUBLIC_URL = url
    known = walk.settings.NETWORK_APPS[key]
    made = walk.simulator.endpoint(key, known["client_id"], listening_address(key), SECRET)
    told = {"webhook_secret": SECRET, "token": made["token"], "number": made["number"]}
    walk.settings.NETWORK_APPS = {**walk.settings.NETWORK_APPS, key: {**known, **told}}
    return account


def connected(walk: Walk, key: str, *, url: str = "http://127.0.0.1:9") -> Account:
    account = set_up(walk, key, url=url)
    walk.connect(account)
    return account


def ask() -> int:
    Subscription.objects.update(next_try_at=Now())
    return subscribe_due(seconds=10)


def page_of(walk: Walk, account: Account) -> str:
    return walk.client.get(f"/registry/accounts/{account.pk}/").content.decode()


def calls(walk: Walk) -> list[int]:
    return [call["status"] for call in walk.simulator.told()]


def write_to(walk: Walk, account: Account, text: str) -> None:
    """A citizen answers what the account published."""
    ours = walk.simulator.speak("finances", "Notre message", network=account.network)
    walk.simulator.speak("citizen", text, reply_to=ours["id"])


def due() -> int:
    return Stream.objects.filter(next_pull_at__lte=Now()).count()


def test_every_network_with_webhooks_is_asked() -> None:
    assert sorted(key for key, one in NETWORKS.items() if one.subscriptions) == TELLING == sorted(ASKED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", TELLING)
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
    assert say_farewells(seconds=10) == 1
    assert not Farewell.objects.exists()
    assert not Subscription.objects.exists()
    write_to(walk, account, "Is anybody there?")
    assert calls(walk) == [204]


@pytest.mark.django_db
@pytest.mark.parametrize("key", TELLING)
def test_asking_twice_is_asking_once(walk: Walk, key: str, events: Callable[[], list[str]]) -> None:
    account = connected(walk, key)
    assert [ask(), ask(), ask()] == [1, 1, 1]
    write_to(walk, account, "Once")
    assert len(calls(walk)) == 1
    assert events() == ["account.connected", "account.listening"]


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
    walk.simulator.fault(match=ASKED[key], **fault)  # type: ignore[arg-type]
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
        claimed = _claim()
    assert claimed
    assert claimed.lease_until
    assert not outside


@pytest.mark.django_db
def test_whose_turn_is_over_writes_nothing(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, events: Callable[[], list[str]]
) -> None:
    account = connected(walk, "x")
    agree = XSubscriptions.subscribe

    def slowly(self: XSubscriptions, *given: object) -> str:
        name = agree(self, *given)  # type: ignore[arg-type]
        Subscription.objects.update(lease_until=Now() + timedelta(minutes=9))
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
@pytest.mark.parametrize("key", TELLING)
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


@pytest.mark.django_db
def test_a_network_that_never_tells_says_so(walk: Walk) -> None:
    account = walk.account("mastodon")
    walk.connect(account)
    assert subscribe_due(seconds=10) == 0
    page = page_of(walk, account)
    assert "Parvis looks every 15 seconds" in page
    assert "does not tell of each account at once" in page


@pytest.mark.django_db
@pytest.mark.parametrize("key", TELLING)
def test_an_address_that_was_not_entered_at_the_network_is_refused(
    walk: Walk, key: str, events: Callable[[], list[str]]
) -> None:
    account = connected(walk, key)
    walk.settings.PUBLIC_URL = "http://127.0.0.1:10"
    assert ask() == 1
    assert "does not agree to tell it at once" in page_of(walk, account)
    assert events() == ["account.connected", "account.not_listening"]


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "name"), [("facebook", "client_secret"), ("x", "token")])
def test_the_apps_own_credentials_are_nobodys_connection(walk: Walk, key: str, name: str) -> None:
    account = connected(walk, key)
    walk.settings.NETWORK_APPS = {key: {**walk.settings.NETWORK_APPS[key], name: "no such thing"}}
    assert ask() == 1
    assert Subscription.objects.get().problem == "rejected"
    account.refresh_from_db()
    assert account.connection_state == "connected"


@pytest.mark.django_db
def test_a_page_is_told_of_as_long_as_its_sister_is_connected(walk: Walk) -> None:
    """A Facebook page and its Instagram account hang at one subscription."""
    both = ("facebook", "instagram")
    page, sister = (walk.account(key) for key in both)
    scopes = " ".join(sorted({scope.name for key in both for scope in NETWORKS[key].scopes}))
    made = walk.simulator.app("http://testserver/registry/connect/back/", scopes)
    walk.settings.NETWORK_APPS = {
        key: {"client_id": made["client_id"], "client_secret": made["client_secret"], "webhook_secret": SECRET}
        for key in both
    }
    for key in both:
        walk.simulator.endpoint(key, made["client_id"], listening_address(key), SECRET)
    walk.connect(page)
    walk.connect(sister)
    assert sister.connection_state == "connected"
    assert ask() == 2
    assert len(set(Subscription.objects.values_list("name", flat=True))) == 1
    disconnect_account(account=page, by=walk.house.manager, reason="Moving on")
    say_farewells(seconds=10)
    write_to(walk, sister, "Still there?")
    told = [call["network"] for call in walk.simulator.told()]
    assert told == ["instagram"]
    disconnect_account(account=sister, by=walk.house.manager, reason="Moving on")
    say_farewells(seconds=10)
    write_to(walk, sister, "And now?")
    assert len(calls(walk)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(ENDED))
def test_a_subscription_that_does_not_end_holds_no_credentials_back(walk: Walk, key: str) -> None:
    account = connected(walk, key)
    ask()
    walk.simulator.fault("status", ENDED[key], status=503)
    disconnect_account(account=account, by=walk.house.manager, reason="Moving on")
    for _try in range(PATIENCE):
        assert Credential.objects.exists()
        Farewell.objects.update(next_try_at=Now())
        assert say_farewells(seconds=10) == 1
    assert not Credential.objects.exists()
    assert AuditEvent.objects.order_by("pk").last().verb == "account.access_ended"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_who_disconnects_while_the_network_agrees_is_not_told_of(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    account = connected(walk, "x")
    agree = XSubscriptions.subscribe

    def slowly(self: XSubscriptions, *given: object) -> str:
        name = agree(self, *given)  # type: ignore[arg-type]
        disconnect_account(account=account, by=walk.house.manager, reason="Just now")
        return name

    monkeypatch.setattr(XSubscriptions, "subscribe", slowly)
    assert ask() == 1
    assert not Subscription.objects.exists()
    write_to(walk, account, "Is anybody there?")
    assert calls(walk) == []
