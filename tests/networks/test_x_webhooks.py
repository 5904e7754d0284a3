"""X's calls to us: what the training network signs is believed, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from networks.catalogue import webhooks
from networks.consent import App
from networks.webhooks import WebhookRefused, is_fresh
from networks.x.webhooks import XWebhooks
from simulator.dialects.x import DIALECT
from simulator.hooks import Event, Happening, Hook
from simulator.limits import Limits
from simulator.routing import Simulator
from simulator.store import people, posts
from simulator.store.database import Database, now_ms

SECRET = "app-secret-71c2"
HOOK = Hook("x", 1, "http://127.0.0.1/webhooks/x/", SECRET)
HEADER = "x-twitter-webhooks-signature"


def ours(secret: str = SECRET, own: str = "") -> XWebhooks:
    made = webhooks("x", App("id", secret, own))
    assert isinstance(made, XWebhooks)
    return made


@pytest.fixture
def told() -> dict[Happening, tuple[bytes, str, str]]:
    """What the training network says of a message: the body, whom it concerns, its id."""
    db = Database(None)
    square = Simulator(db, Limits({}))
    service = people.create(db, handle="finances", kind="organisation")
    anna = people.create(db, handle="anna")
    said = posts.create(db, posts.draft(person_id=anna.id, text="@finances où ? https://fin.be/x", network="x"))
    found = {}
    for happening in Happening:
        assert DIALECT.tell
        outgoing = DIALECT.tell(square, Event(happening, said, anna, service, now_ms()), HOOK)
        assert outgoing
        found[happening] = (json.dumps(outgoing.payload).encode(), str(service.id), str(said.id))
    db.close()
    return found


def signed(body: bytes) -> dict[str, str]:
    assert DIALECT.sign
    return {name.lower(): value for name, value in DIALECT.sign(HOOK, body).items()}


def test_what_the_network_says_is_a_hint_where_to_look(told: dict[Happening, tuple[bytes, str, str]]) -> None:
    for body, account, message in told.values():
        ours().verify_webhook(signed(body), body)
        (hint,) = ours().parse_webhook(body)
        assert (hint.account, hint.message) == (account, message)
        assert is_fresh(hint, hint.at)


def test_the_networks_own_secret_comes_before_the_apps(told: dict[Happening, tuple[bytes, str, str]]) -> None:
    body = told[Happening.WRITTEN][0]
    ours("another", SECRET).verify_webhook(signed(body), body)
    with pytest.raises(WebhookRefused):
        ours(SECRET, "another").verify_webhook(signed(body), body)


def test_the_question_is_answered_with_the_secret() -> None:
    wanted = base64.b64encode(hmac.new(SECRET.encode(), b"q-1", hashlib.sha256).digest()).decode()
    told = ours().challenge({"crc_token": "q-1", "nonce": "x"})
    assert (json.loads(told.body), told.mime) == ({"response_token": f"sha256={wanted}"}, "application/json")
    strange = ["", "a" * 129, "{}", '"a"', "a b", "a\n", "é", "a=b", '{"for_user_id":"1"}']
    for query in ({}, {"hub.challenge": "1"}, *({"crc_token": one} for one in strange)):
        with pytest.raises(WebhookRefused):
            ours().challenge(query)
    with pytest.raises(WebhookRefused):
        ours("").challenge({"crc_token": "q-1"})


Forge = Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]
FORGED: dict[str, Forge] = {
    "none": lambda _headers, body: ({}, body),
    "empty": lambda _headers, body: ({HEADER: ""}, body),
    "another secret": lambda _headers, body: (_by(b"other", body), body),
    "empty secret": lambda _headers, body: (_by(b"", body), body),
    "without its name": lambda headers, body: ({HEADER: headers[HEADER].removeprefix("sha256=")}, body),
    "another name": lambda headers, body: ({HEADER: headers[HEADER].replace("sha256", "sha1")}, body),
    "cut": lambda headers, body: ({HEADER: headers[HEADER][:-1]}, body),
    "longer": lambda headers, body: ({HEADER: headers[HEADER] + "="}, body),
    "hexadecimal": lambda _headers, body: (
        {HEADER: "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()},
        body,
    ),
    "another header": lambda headers, body: ({"x-hub-signature-256": headers[HEADER]}, body),
    "one byte more": lambda headers, body: (headers, body + b" "),
    "another account": lambda headers, body: (headers, body.replace(b'"for_user_id": "', b'"for_user_id": "1')),
    "upper case": lambda headers, body: ({HEADER: headers[HEADER].upper()}, body),
    "not ASCII": lambda headers, body: ({HEADER: headers[HEADER] + "é"}, body),
    "of another body": lambda _headers, body: (signed(b"{}"), body),
    "of an answered question": lambda _headers, _body: (
        {HEADER: json.loads(ours().challenge({"crc_token": "bm8gY2FsbA=="}).body)["response_token"]},
        b"bm8gY2FsbA==",
    ),
}


def _by(secret: bytes, body: bytes) -> dict[str, str]:
    made = hmac.new(secret, body, hashlib.sha256).digest()
    return {HEADER: "sha256=" + base64.b64encode(made).decode()}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_call_is_refused(told: dict[Happening, tuple[bytes, str, str]], forge: Forge) -> None:
    body = told[Happening.WRITTEN][0]
    headers, body = forge(signed(body), body)
    with pytest.raises(WebhookRefused):
        ours().verify_webhook(headers, body)


def test_nothing_is_signed_by_an_empty_secret(told: dict[Happening, tuple[bytes, str, str]]) -> None:
    body = told[Happening.WRITTEN][0]
    with pytest.raises(WebhookRefused):
        ours("").verify_webhook(_by(b"", body), body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b'{"for_user_id":' * 50_000,
        b'{"for_user_id": 7}',
        b'{"for_user_id": "x"}',
        b'{"for_user_id": "7", "tweet_create_events": 7}',
        b'{"for_user_id": "7", "tweet_create_events": [7]}',
        b'{"for_user_id": "7", "tweet_create_events": [{"id_str": "1"}]}',
        b'{"for_user_id": "7", "tweet_create_events": [{"id_str": 1, "timestamp_ms": "1"}]}',
        b'{"for_user_id": "7", "tweet_create_events": [{"id_str": "../1", "timestamp_ms": "1"}]}',
        b'{"for_user_id": "7", "tweet_create_events": [{"id_str": "1", "timestamp_ms": "later"}]}',
        b'{"for_user_id": "7", "tweet_create_events": [{"id_str": "1", "timestamp_ms": "99999999999999999999"}]}',
        b'{"for_user_id": "7", "tweet_delete_events": [{"timestamp_ms": "1"}]}',
        b'{"for_user_id": "7", "tweet_delete_events": [{"status": {}, "timestamp_ms": "1"}]}',
    ],
)
def test_a_misshapen_call_is_refused(body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        ours().parse_webhook(body)


def test_other_events_are_nothing_to_look_at() -> None:
    assert ours().parse_webhook(b'{"for_user_id": "7", "favorite_events": [{"id": "1"}]}') == ()
