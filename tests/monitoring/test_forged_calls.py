"""Who may ask us to sign something gets no signature that a call could carry; and nobody makes us look at any price."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings

from accounts_registry.actions import PAID_LOOKS, answer_lookups
from accounts_registry.actions.looking_up import ASKED_TOO_OFTEN, PAID_LOOKUPS
from accounts_registry.models import Account, Lookup
from monitoring.actions import pull_next
from monitoring.actions.hearing import ANSWERS, PAID_HINTS
from monitoring.models import Mention, Stream, WebhookCall
from networks.catalogue import NETWORKS
from organisation.limits import QUESTIONS
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.monitoring import StreamFactory
from tests.factories.prices import charge, give_budget
from tests.monitoring.hooked import SECRET, call, hooked, proof
from tests.monitoring.network import FakeNetwork
from tests.thorough import thorough_but

LATER = timedelta(minutes=10)
CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


@pytest.fixture(autouse=True)
def empty_cache(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("monitoring.actions.hearing.current_app.send_task", lambda *_args, **_options: None)
    cache.clear()
    yield
    cache.clear()


# ---- What a stranger lets us sign -----------------------------------------------------------------------------------
def now_ms() -> str:
    return str(int(datetime.now(UTC).timestamp() * 1000))


def bodies(network: str) -> list[str]:
    """Calls as the network makes them, as short as they can be, and dressed up in every way that might slip by."""
    plain = {
        "x": json.dumps({"for_user_id": "7", "tweet_create_events": [{"id_str": "1", "timestamp_ms": now_ms()}]}),
        "linkedin": json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": []}),
        "facebook": json.dumps({"object": "page", "entry": []}),
        "instagram": json.dumps({"object": "instagram", "entry": []}),
    }[network]
    dense = json.dumps(json.loads(plain), separators=(",", ":"))
    return [
        plain,
        dense,
        f" {dense}",
        f"\n{dense}",
        f"{dense}\n",
        f"\ufeff{dense}",
        f"[{dense}]",
        '"a"',
        "{}",
        "7",
        CODE,
    ]


def questions(network: str, body: str) -> list[dict[str, str]]:
    wrapped = [body, f"hmacsha256={body}", f"sha256={body}", base64.b64encode(body.encode()).decode()]
    names = {"x": "crc_token", "linkedin": "challengeCode"}
    meta = {"hub.mode": "subscribe", "hub.verify_token": "guessed"}
    return [{names[network]: one} if network in names else {**meta, "hub.challenge": one} for one in wrapped]


def header(network: str, signature: str) -> dict[str, str]:
    name = {"x": "x-twitter-webhooks-signature", "linkedin": "x-li-signature"}.get(network, "x-hub-signature-256")
    return {name: signature}


@pytest.mark.parametrize("network", thorough_but(["x", "linkedin", "facebook", "instagram"], "x"))
def test_no_answer_to_a_question_signs_a_call(network: str, settings: Settings, db: None) -> None:
    """The attacker has the question answered for the body of a call, and makes the call with what came back."""
    settings.NETWORK_APPS = {network: {"client_id": "id", "client_secret": SECRET}}
    tried = accepted = 0
    for body in bodies(network):
        for query in questions(network, body):
            cache.clear()
            answer = Client().get(f"/webhooks/{network}/?{urlencode(query)}").content.decode()
            told = re.findall(r"[A-Za-z0-9+/=]{40,}", answer)
            for signature in {"", *told, *(f"sha256={one.removeprefix('sha256=')}" for one in told)}:
                headers = header(network, signature)
                for sent in {body, f"hmacsha256={body}"}:
                    said = Client().post(
                        f"/webhooks/{network}/", sent.encode(), content_type="application/json", headers=headers
                    )
                    tried += 1
                    accepted += said.status_code == 204
    assert tried >= 88
    assert accepted == 0
    assert WebhookCall.objects.count() == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "query"), [("x", {"crc_token": "OWM4ZTAyNDctOTQ0Yg=="}), ("linkedin", {"challengeCode": CODE})]
)
def test_a_network_that_asks_is_answered_so_many_times_an_hour(
    network: str, query: dict[str, str], settings: Settings, db: None
) -> None:
    settings.NETWORK_APPS = {network: {"client_id": "id", "client_secret": SECRET}}
    address = f"/webhooks/{network}/"

    def ask(number: int) -> int:
        return Client().get(address, query, REMOTE_ADDR=f"203.0.113.{number // QUESTIONS.amount}").status_code

    assert [ask(number) for number in range(ANSWERS.an_hour)] == [200] * ANSWERS.an_hour
    assert ask(ANSWERS.an_hour) == 400


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "query"), [("x", {"crc_token": "OWM4ZTAyNDctOTQ0Yg=="}), ("linkedin", {"challengeCode": CODE})]
)
def test_who_asks_on_and_on_leaves_the_network_its_own_answer(
    network: str, query: dict[str, str], settings: Settings, db: None
) -> None:
    settings.NETWORK_APPS = {network: {"client_id": "id", "client_secret": SECRET}}
    address = f"/webhooks/{network}/"
    told = [Client().get(address, query, REMOTE_ADDR="203.0.113.9").status_code for _each in range(ANSWERS.an_hour + 5)]
    assert told.count(200) == QUESTIONS.amount
    assert Client().get(address, query, REMOTE_ADDR="198.51.100.7").status_code == 200


# ---- What a stranger lets us pay for --------------------------------------------------------------------------------
@pytest.fixture
def charging(account: Account, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Account:
    """An account of a network that calls us, and takes money for each message that is read."""
    monkeypatch.setitem(NETWORKS, "mastodon", hooked())
    charge(monkeypatch)
    settings.NETWORK_APPS = {"mastodon": {"webhook_secret": SECRET}}
    give_budget(account, 1000)
    return account


def tell(account: Account, number: int) -> Any:
    body = call((account.remote_id, datetime.now(UTC), f"status-{number}"))
    headers = {"x-proof": proof(body)}
    return Client().post("/webhooks/mastodon/", body, content_type="application/json", headers=headers)


def put_off() -> None:
    Stream.objects.update(next_pull_at=Now() + LATER, last_pulled_at=Now() - LATER, hinted_at=None)


@pytest.mark.slow
def test_calls_about_one_account_bring_so_many_paid_looks_an_hour_and_no_more(charging: Account) -> None:
    StreamFactory.create(account=charging)
    sooner = 0
    for number in range(PAID_HINTS.an_hour + 20):
        put_off()
        assert tell(charging, number).status_code == 204
        sooner += Stream.objects.filter(next_pull_at__lte=Now()).exists()
    assert sooner == PAID_HINTS.an_hour


def test_another_account_has_its_own(charging: Account) -> None:
    StreamFactory.create(account=charging)
    for _each in range(PAID_HINTS.an_hour):
        PAID_HINTS.take(charging.pk + 1)
    put_off()
    tell(charging, 1)
    assert Stream.objects.filter(next_pull_at__lte=Now()).exists()


@pytest.mark.slow
def test_messages_are_looked_at_so_many_times_an_hour_whoever_asks(charging: Account, network: FakeNetwork) -> None:
    conversation = ConversationFactory.create(account=charging)
    for number in range(PAID_LOOKS.an_hour + 10):
        MentionFactory.create(conversation=conversation, remote_id=f"old-{number}")
    StreamFactory.create(account=charging)
    for _turn in range(PAID_LOOKS.an_hour // 2):
        Mention.objects.update(check_at=Now() - LATER)
        Stream.objects.update(next_pull_at=Now())
        pull_next()
    assert len([one for one in network.calls if one.startswith("fetch")]) == PAID_LOOKS.an_hour


@pytest.mark.longer
def test_people_have_addresses_looked_up_so_many_times_an_hour(charging: Account) -> None:
    for number in range(PAID_LOOKUPS.an_hour + 3):
        Lookup.objects.create(account=charging, address=f"https://example.org/{number}")
    answer_lookups(seconds=60)
    refused = Lookup.objects.filter(problem=ASKED_TOO_OFTEN).values_list("address", flat=True)
    assert set(refused) == {f"https://example.org/{PAID_LOOKUPS.an_hour + number}" for number in range(3)}


@pytest.mark.longer
def test_where_looking_is_free_nobody_counts(account: Account, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setitem(NETWORKS, "mastodon", hooked())
    settings.NETWORK_APPS = {"mastodon": {"webhook_secret": SECRET}}
    StreamFactory.create(account=account)
    for number in range(PAID_HINTS.an_hour + 5):
        put_off()
        tell(account, number)
        assert Stream.objects.filter(next_pull_at__lte=Now()).exists()
