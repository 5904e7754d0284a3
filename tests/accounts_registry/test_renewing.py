"""R8: a token that ends while messages wait. Asked once however many need it, kept through a blip, never wiped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts_registry.actions import keep_fresh, mark_connection_broken, renew_due, renewing
from accounts_registry.actions.keeping import seal_all
from accounts_registry.enums import ConnectionState
from accounts_registry.models import Access, Account, Credential
from accounts_registry.queries import account_ref, connector_for, standing, waiting_for
from accounts_registry.queries.connection import egress
from delivery.actions import Line, send_next
from delivery.models import Delivery
from networks.consent import Granted
from networks.errors import AuthExpired, Unavailable
from networks.kinds import Purpose
from networks.x.consent import PAIRS
from networks.youtube.consent import YoutubeConsent
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.delivery import DeliveryFactory, FakeOrigin, instead, thaw
from tests.factories.prices import give_budget
from tests.thorough import thorough_after

__all__ = ["simulator", "simulator_server", "walk"]

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "/2/oauth2/token"
ASK = f"POST {TOKEN}"


@pytest.fixture
def account(walk: Walk) -> Account:
    """Of a network whose tokens last two hours and whose refresh tokens work once."""
    account = walk.account("x")
    walk.connect(account)
    return account


def over(account: Account, **facts: Any) -> Access:
    """Its token has just ended."""
    Access.objects.filter(account=account).update(
        expires_at=Now() - timedelta(seconds=5), **{"renew_at": Now() - timedelta(minutes=30), **facts}
    )
    return Access.objects.get(account=account)


def asked(walk: Walk) -> int:
    return sum(call["path"] == TOKEN for call in walk.simulator.journal("POST", TOKEN)) - 1  # the first was the consent


def secret(account: Account, name: str) -> str:
    return account_ref(account).credentials[name]


def in_threads(*works: Callable[[], Any]) -> list[Any]:
    """All at once, each with a connection of its own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait(20)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(60) for one in [pool.submit(run, work) for work in works]]


def test_it_is_renewed_ahead_of_its_end(walk: Walk, account: Account) -> None:
    access = account.accesses.get()
    assert access.renew_at is not None
    assert access.expires_at is not None
    assert timedelta(minutes=20) < access.expires_at - access.renew_at < timedelta(minutes=40)
    assert (renew_due(seconds=10), asked(walk)) == (0, 0)
    Access.objects.update(renew_at=Now())
    before = secret(account, "refresh_token")
    assert (renew_due(seconds=10), asked(walk)) == (1, 1)
    assert secret(account, "refresh_token") != before
    assert connector_for(account).identify().handle == "finances"


@pytest.mark.longer
def test_eight_that_need_it_at_once_ask_once_and_all_have_the_new_token(walk: Walk, account: Account) -> None:
    over(account)
    old = secret(account, "access_token")
    walk.simulator.fault("late", ASK, seconds=0.3)  # all others come while the first one asks

    def send() -> str:
        keep_fresh(account=account, purpose=Purpose.WRITE)
        return secret(account, "access_token")

    held = in_threads(*[send] * 6, *[lambda: renew_due(seconds=5) and None] * 2)
    assert asked(walk) == 1
    assert {one for one in held if one} == {secret(account, "access_token")}
    assert old not in held
    assert connector_for(account).identify().handle == "finances"


def test_the_database_leaves_a_renewal_open_for_all_its_calls(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account of X has up to two pairs of tokens: with the connection, what the first call brought would be lost."""
    told: list[float] = []

    def ask(_access: Access) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM current_setting('idle_in_transaction_session_timeout')::interval)"
            )
            told.append(float(cursor.fetchone()[0]))
        raise Unavailable("away")

    monkeypatch.setattr(renewing, "_ask", ask)
    over(account)
    renew_due(seconds=30)
    calls = len(PAIRS) * egress().limits.seconds
    assert [calls < seconds < renewing.RENEWALS.lease.total_seconds() for seconds in told] == [True]


@pytest.mark.longer
@pytest.mark.parametrize(
    "fault",
    thorough_after(2, [("status", {"status": 503}), ("status", {"status": 429}), ("reset", {}), ("html", {})]),
    ids=["503", "429", "reset", "html"],
)
def test_a_blip_is_no_dead_token(walk: Walk, account: Account, fault: tuple[str, dict[str, Any]]) -> None:
    over(account)
    before = account_ref(account).credentials
    walk.simulator.fault(fault[0], ASK, **fault[1])
    renew_due(seconds=30)
    account.refresh_from_db()
    access = account.accesses.get()
    assert account.connection_state == ConnectionState.CONNECTED
    assert (access.failures, access.ended) == (1, False)
    assert access.failing_since is not None
    assert access.renew_at is not None
    assert access.renew_at > timezone.now()
    assert account_ref(account).credentials == before
    assert "The next token has not been had since" in " ".join(standing(account).sentences)
    # Nobody asks again before its time, a sender neither.
    told = asked(walk)
    renew_due(seconds=5)
    with pytest.raises(Unavailable):
        keep_fresh(account=account, purpose=Purpose.WRITE)
    assert asked(walk) == told
    walk.simulator.heal()
    over(account, failing_since=access.failing_since)
    renew_due(seconds=10)
    access.refresh_from_db()
    assert (access.failing_since, access.failures, access.problem) == (None, 0, "")
    assert connector_for(account).identify().handle == "finances"


@pytest.mark.longer
def test_one_that_cannot_be_renewed_keeps_no_other_waiting(
    walk: Walk, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = walk.account("youtube")
    walk.connect(other)
    Access.objects.filter(account=account).update(renew_at=Now() - timedelta(minutes=2))
    Access.objects.filter(account=other).update(renew_at=Now() - timedelta(minutes=1))
    Credential.objects.filter(account=account).update(nonce=b"no such one!")
    assert renew_due(seconds=30) == 2
    first, second = account.accesses.get(), other.accesses.get()
    assert (first.failures, first.problem, first.lease_until) == (1, "vault_broken", None)
    assert first.renew_at
    assert timedelta(seconds=50) < first.renew_at - timezone.now() <= timedelta(minutes=1)
    assert (second.failures, second.problem, second.lease_until) == (0, "", None)
    Access.objects.filter(account=other).update(renew_at=Now())
    monkeypatch.setattr(renewing, "_ask", None)
    assert renew_due(seconds=30) == 1
    second.refresh_from_db()
    assert (second.failures, second.problem, second.lease_until) == (1, "unexpected", None)
    assert renew_due(seconds=30) == 0


@pytest.mark.longer
def test_what_the_network_has_ended_is_broken_and_told(walk: Walk, account: Account, events: Any) -> None:
    over(account)
    walk.simulator.revoke("finances")
    renew_due(seconds=10)
    account.refresh_from_db()
    assert (account.connection_state, account.connection_problem) == ("broken", "auth_expired")
    assert events() == ["account.connected", "account.connection_broken"]
    [waiting] = [one for one in waiting_for(walk.house.manager) if account.label in str(one.title)]
    assert "no longer accepts" in str(waiting.detail)
    assert "not the network" in " ".join(standing(account).sentences)
    assert (renew_due(seconds=5), asked(walk)) == (0, 1)
    walk.connect(account)
    assert account.connection_state == ConnectionState.CONNECTED
    assert not account.accesses.get().ended


@pytest.fixture
def queued(account: Account) -> Any:
    thaw()
    give_budget(account, 100)
    undo = instead(FakeOrigin())
    yield DeliveryFactory.create(account=account, text="Les bureaux ferment à midi.")
    undo()


@pytest.mark.longer
def test_a_token_that_ends_while_a_message_waits_is_renewed_by_the_sender(
    walk: Walk, account: Account, queued: Delivery
) -> None:
    over(account)
    assert send_next(Line())
    queued.refresh_from_db()
    assert (queued.state, asked(walk)) == ("published", 1)
    assert len(walk.simulator.posts("Les bureaux ferment à midi.")) == 1


@pytest.mark.longer
def test_a_token_revoked_while_a_message_waits_holds_it_and_alerts(
    walk: Walk, account: Account, queued: Delivery
) -> None:
    over(account)
    walk.simulator.revoke("finances")
    send_next(Line())
    queued.refresh_from_db()
    account.refresh_from_db()
    assert (queued.state, queued.problem_code, account.connection_state) == ("due", "auth_expired", "broken")
    assert not send_next(Line())
    assert walk.simulator.posts("Les bureaux ferment à midi.") == []
    assert any(account.label in str(one.title) for one in waiting_for(walk.house.manager))


@pytest.mark.longer
def test_a_network_that_is_away_while_a_message_waits_delays_it(walk: Walk, account: Account, queued: Delivery) -> None:
    over(account)
    walk.simulator.fault("status", ASK, status=503)
    send_next(Line())
    queued.refresh_from_db()
    account.refresh_from_db()
    assert (queued.state, queued.problem_code, account.connection_state) == ("due", "unavailable", "connected")
    assert account.unreachable_since is not None
    assert "It is the network" in " ".join(standing(account).sentences)
    walk.simulator.heal()
    over(account)
    Delivery.objects.update(not_before=None)
    send_next(Line())
    queued.refresh_from_db()
    account.refresh_from_db()
    assert (queued.state, account.unreachable_since) == ("published", None)


@pytest.mark.longer
def test_an_answer_without_a_refresh_token_wipes_none(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some networks give one only the first time that a person agrees, and none with a renewal."""
    account = walk.account("youtube")
    walk.connect(account)
    refresh = secret(account, "refresh_token")
    Access.objects.update(renew_at=Now())
    renew_due(seconds=10)
    assert account.accesses.get().failures == 0
    assert secret(account, "refresh_token") == refresh
    finish = YoutubeConsent.finish

    def a_second_time(self: YoutubeConsent, **facts: Any) -> tuple[Granted, ...]:
        given = finish(self, **facts)
        without = {name: value for name, value in given[0].renewed.credentials.items() if name != "refresh_token"}
        return (replace(given[0], renewed=replace(given[0].renewed, credentials=without)),)

    monkeypatch.setattr(YoutubeConsent, "finish", a_second_time)
    before = secret(account, "access_token")
    walk.connect(account)
    assert (secret(account, "access_token") != before, secret(account, "refresh_token")) == (True, refresh)


@pytest.mark.longer
def test_a_token_that_cannot_be_renewed_says_how_long_it_lasts(walk: Walk) -> None:
    account = walk.account("linkedin")
    walk.connect(account)
    Credential.objects.filter(name="refresh_token").delete()
    soon = timezone.now() + timedelta(days=9, hours=12)
    Access.objects.update(expires_at=soon, ends_at=None, renew_at=Now())
    renew_due(seconds=10)
    access = account.accesses.get()
    assert (access.renew_at, access.ends_at, access.failures) == (None, soon, 0)
    found = standing(Account.objects.get())
    assert (found.state, found.label) == ("expiring", "Ends in 9 days")
    [waiting] = [one for one in waiting_for(walk.house.manager) if account.label in str(one.title)]
    assert "connect it again before" in str(waiting.detail)
    page = walk.client.get(f"/registry/accounts/{account.pk}/").content.decode()
    assert "Ends in 9 days" in page
    assert "Ends in 9 days" in walk.client.get("/registry/").content.decode()


def test_who_meets_a_dead_token_waits_for_who_is_renewing_it(account: Account) -> None:
    """The network ends the old token before the new one is written here: in between, nothing is broken yet."""
    used, holding = account_ref(account), threading.Event()

    def renew_slowly() -> None:
        with transaction.atomic():
            access = Access.objects.select_for_update().get(account=account)
            holding.set()
            time.sleep(0.5)
            seal_all(account, Purpose(access.purpose), {"access_token": "the next one"})
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        renewal = pool.submit(renew_slowly)
        assert holding.wait(10)
        mark_connection_broken(account=account, code=AuthExpired.code, purpose=Purpose.WRITE, used=used)
        renewal.result()
    account.refresh_from_db()
    assert account.connection_state == ConnectionState.CONNECTED
    mark_connection_broken(account=account, code=AuthExpired.code, purpose=Purpose.WRITE, used=account_ref(account))
    account.refresh_from_db()
    assert account.connection_state == ConnectionState.BROKEN
