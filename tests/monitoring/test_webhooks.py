"""A network's call makes us look sooner, and does nothing else; whoever is not the network gets nowhere."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings

from accounts_registry.models import Account
from monitoring.actions import forget_calls, pull_next, pull_what_is_due, pulling
from monitoring.models import Mention, Stream, WebhookCall
from monitoring.views.webhooks import LARGEST
from networks.catalogue import NETWORKS
from networks.webhooks import WebhookRefused
from organisation import limits
from organisation.limits import CALLS
from organisation.models import AuditEvent, SharedValue
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.monitoring import StreamFactory, incoming
from tests.monitoring.hooked import SECRET, call, hooked, proof
from tests.monitoring.network import FakeNetwork

ADDRESS = "/webhooks/mastodon/"
LATER = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[str]:
    """Names of the tasks that were sent."""
    tasks: list[str] = []
    monkeypatch.setattr(
        "monitoring.actions.hearing.current_app.send_task", lambda name, **options: tasks.append(name) or None
    )
    monkeypatch.setitem(NETWORKS, "mastodon", hooked())
    settings.NETWORK_APPS = {"mastodon": {"webhook_secret": SECRET}}
    return tasks


@pytest.fixture
def stream(account: Account) -> Stream:
    """Pulled a while ago, and not due for long."""
    stream = StreamFactory.create(account=account)
    Stream.objects.update(next_pull_at=Now() + LATER, last_pulled_at=Now() - LATER)
    return stream


def tell(body: bytes, given: str | None = None, address: str = ADDRESS, **more: Any) -> Any:
    headers = {"x-proof": proof(body) if given is None else given}
    return Client(enforce_csrf_checks=True).post(
        address, body, content_type="application/json", headers=headers, **more
    )


def hint(stream: Stream, message: str = "", *, ago: timedelta = timedelta(0)) -> bytes:
    return call((stream.account.remote_id, datetime.now(UTC) - ago, message))


def is_due() -> bool:
    return Stream.objects.filter(next_pull_at__lte=Now()).exists()


def test_a_genuine_call_makes_the_inbox_due_and_wakes_a_worker(stream: Stream, woken: list[str]) -> None:
    answer = tell(hint(stream))
    assert (answer.status_code, answer.content) == (204, b"")
    assert is_due()
    assert woken == ["monitoring.tasks.pull_streams"]
    assert not answer.cookies
    assert AuditEvent.objects.count() == 0


def test_nothing_of_what_it_says_is_stored(stream: Stream) -> None:
    tell(hint(stream, "a message that nobody has seen"))
    assert Mention.objects.count() == 0
    assert "nobody has seen" not in str(list(WebhookCall.objects.values()))


@pytest.mark.longer
def test_a_message_that_it_names_is_looked_at_before_all_others(
    stream: Stream, account: Account, network: FakeNetwork
) -> None:
    conversation = ConversationFactory.create(account=account)
    for number in range(20):
        MentionFactory.create(
            conversation=conversation, remote_id=f"old-{number}", check_at=datetime.now(UTC) - timedelta(days=3)
        )
    MentionFactory.create(conversation=conversation, remote_id="status-000007", text="Before")
    network.messages = [incoming(7, text="After")]
    tell(hint(stream, "status-000007"))
    pull_next()
    looked_at = [call for call in network.calls if call.startswith("fetch")]
    assert looked_at[0] == "fetch status-000007"
    assert Mention.objects.get(item__remote_id="status-000007").text == "After"


def test_a_hint_about_another_account_moves_nothing(stream: Stream) -> None:
    assert tell(call(("somebody-else", datetime.now(UTC), ""))).status_code == 204
    assert not is_due()


@pytest.mark.parametrize("name", ["status-\x00", "status-\ud800"])
def test_a_name_that_nothing_can_bear_moves_nothing_and_keeps_no_other_hint_from_being_heard(
    stream: Stream, name: str
) -> None:
    now = datetime.now(UTC)
    assert tell(call((name, now, ""), (stream.account.remote_id, now, name))).status_code == 204
    assert not is_due()
    assert tell(call((name, now, ""), (stream.account.remote_id, now, ""))).status_code == 204
    assert is_due()


@pytest.mark.parametrize("given", ["", "0" * 64, "é", proof(b"[]"), proof(b"[]", "")])
def test_forged_calls_are_refused(stream: Stream, given: str) -> None:
    body = hint(stream)
    tampered = body.replace(b"[", b"[ ", 1)
    for answer in (tell(body, given), tell(tampered, proof(body))):
        assert (answer.status_code, answer.content) == (400, b"")
    assert not is_due()
    assert WebhookCall.objects.count() == 0


def test_without_a_secret_nothing_is_believed(stream: Stream, settings: Settings) -> None:
    settings.NETWORK_APPS = {}
    body = hint(stream)
    assert tell(body, proof(body, "")).status_code == 400
    assert not is_due()


@pytest.mark.parametrize("minutes", [5.1, 60, -5.1])
def test_stale_calls_are_refused(stream: Stream, minutes: float) -> None:
    assert tell(hint(stream, ago=timedelta(minutes=minutes))).status_code == 400
    assert not is_due()
    assert tell(hint(stream, ago=timedelta(minutes=4.5))).status_code == 204


def test_a_replayed_call_is_refused(stream: Stream) -> None:
    body = hint(stream)
    assert tell(body).status_code == 204
    Stream.objects.update(next_pull_at=Now() + LATER)
    assert tell(body).status_code == 400
    assert not is_due()


def test_what_a_replay_repeats_is_forgotten_when_it_would_be_stale_anyhow(stream: Stream) -> None:
    tell(hint(stream))
    forget_calls()
    assert WebhookCall.objects.count() == 1
    WebhookCall.objects.update(received_at=F("received_at") - timedelta(days=2))
    forget_calls()
    assert WebhookCall.objects.count() == 0


def test_every_refusal_looks_the_same(stream: Stream) -> None:
    body = hint(stream)
    refusals = [
        tell(body, "forged"),
        tell(body, address="/webhooks/nothing/"),
        tell(body, address="/webhooks/bluesky/"),
        tell(b"no json", proof(b"no json")),
        tell(b'[{"x": 1}]', proof(b'[{"x": 1}]')),
        tell(b" " * (LARGEST + 1), proof(b" " * (LARGEST + 1))),
        Client().get(ADDRESS, {"say": "42", "token": "guessed"}),
        Client().get("/webhooks/nothing/"),
    ]
    assert {answer.status_code for answer in refusals} == {400}
    assert {answer.content for answer in refusals} == {b""}
    assert len({tuple(sorted(answer.headers.items())) for answer in refusals}) == 1
    assert not is_due()


def test_the_largest_call_that_is_read_is_read_whole(stream: Stream) -> None:
    body = hint(stream)
    body += b" " * (LARGEST - len(body))
    assert tell(body).status_code == 204


def test_a_challenge_is_answered_as_the_network_wants(db: None) -> None:
    answer = Client().get(ADDRESS, {"say": "<b>42</b>", "token": SECRET})
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"<b>42</b>", "text/plain")
    assert not answer.cookies


@pytest.mark.longer
def test_who_guesses_on_is_not_even_read_for_a_minute(stream: Stream) -> None:
    for _each in range(CALLS.amount):
        assert tell(hint(stream), "forged").status_code == 400
    assert tell(hint(stream)).status_code == 400
    assert not is_due()
    assert tell(hint(stream), REMOTE_ADDR="127.0.0.2").status_code == 204


@pytest.mark.longer
def test_a_genuine_call_uses_nothing_up(stream: Stream) -> None:
    for number in range(CALLS.amount + 5):
        assert tell(hint(stream) + b" " * number).status_code == 204


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_of_many_forged_calls_at_once_no_more_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the minute before has just ended, and each of them finds a count that is over."""
    looked: list[int] = []
    together = threading.Barrier(6)
    monkeypatch.setattr("monitoring.views.webhooks.hear", lambda **_call: looked.append(1) or refuse())
    monkeypatch.setattr(limits, "CALLS", replace(CALLS, amount=5))

    def refuse() -> None:
        raise WebhookRefused("forged")

    def work() -> None:
        together.wait()
        for _each in range(3):
            assert tell(b"{}").status_code == 400
        connection.close()

    for _minute in range(2):
        looked.clear()
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(looked) == 5
        SharedValue.objects.update(until=Now() - timedelta(seconds=1))


def test_no_address_lies_in_the_cache(stream: Stream) -> None:
    tell(hint(stream), "forged", REMOTE_ADDR="203.0.113.7")
    kept = " ".join(f"{row.key} {row.value}" for row in SharedValue.objects.all())
    assert kept
    assert "203.0.113.7" not in kept


def test_a_flood_of_calls_reads_no_more_often_than_every_few_seconds(stream: Stream, woken: list[str]) -> None:
    Stream.objects.update(last_pulled_at=Now())
    tell(hint(stream))
    assert not is_due()
    assert woken == []
    assert Stream.objects.filter(next_pull_at__lte=Now() + pulling.SOONEST).exists()


def test_a_network_that_asked_for_patience_gets_it(stream: Stream) -> None:
    Stream.objects.update(problem_code="rate_limited")
    assert tell(hint(stream)).status_code == 204
    assert not is_due()


def test_a_call_during_a_turn_is_not_lost(stream: Stream, network: FakeNetwork) -> None:
    Stream.objects.update(next_pull_at=Now())
    network.before_each = lambda: tell(hint(stream)) and None
    assert pull_next()
    assert Stream.objects.filter(next_pull_at__lte=Now() + pulling.SOONEST).exists()
    network.before_each = lambda: None
    Stream.objects.update(next_pull_at=Now())
    assert pull_next()
    assert not Stream.objects.filter(next_pull_at__lte=Now() + pulling.SOONEST).exists()


def test_without_calls_nothing_is_slower(stream: Stream, network: FakeNetwork) -> None:
    """An hour without webhooks: the account is read as often as before the first one."""
    every = timedelta(seconds=NETWORKS["mastodon"].capabilities.inbox_seconds)
    for _each in range(2):
        Stream.objects.update(next_pull_at=Now())
        pull_what_is_due(seconds=0.01)
        assert Stream.objects.filter(next_pull_at__gt=Now() + every * 0.5, next_pull_at__lte=Now() + every).exists()
        Stream.objects.update(hinted_at=Now() - timedelta(hours=1))
