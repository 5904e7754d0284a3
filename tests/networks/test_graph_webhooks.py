"""Meta's calls to us: what the training network signs is believed, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from networks.catalogue import webhooks
from networks.consent import App
from networks.graph.webhooks import verify_token
from networks.webhooks import Challenge, Hint, WebhookRefused, Webhooks, is_fresh
from simulator.dialects import by_network
from simulator.hooks import Event, Happening, Hook
from simulator.limits import Limits
from simulator.routing import Simulator
from simulator.store import people, posts
from simulator.store.database import Database, now_ms

SECRET = "app-secret-51c0"
APP = App("id", SECRET)
KEYS = ("facebook", "instagram")
both = pytest.mark.parametrize("key", KEYS)
Told = Callable[[str, Happening], tuple[bytes, dict[str, str], str, str]]


@pytest.fixture
def told() -> Told:
    """What the training network says of a comment, signed; the account that it concerns, and the message."""

    def tell(key: str, happening: Happening = Happening.WRITTEN) -> tuple[bytes, dict[str, str], str, str]:
        db = Database(None)
        square, dialect = Simulator(db, Limits({})), by_network(key)
        assert dialect
        assert dialect.tell
        assert dialect.sign
        page = people.create(db, handle="finances", kind="organisation")
        anna = people.create(db, handle="anna")
        ours = posts.create(db, posts.draft(person_id=page.id, text="Le guichet ouvre", network=key))
        said = posts.create(db, posts.draft(person_id=anna.id, text="où ?", reply_to=ours, network=key))
        hook = Hook(key, page.id, "http://127.0.0.1/webhooks/", SECRET)
        outgoing = dialect.tell(square, Event(happening, said, anna, page, now_ms()), hook)
        assert outgoing
        body = json.dumps(outgoing.payload).encode()
        headers = {name.lower(): value for name, value in dialect.sign(hook, body).items()}
        db.close()
        ids = {"facebook": (str(page.id), f"{ours.id}_{said.id}"), "instagram": (f"17841{page.id}", str(said.id))}
        return body, headers, *ids[key]

    return tell


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize(
    ("key", "happening"),
    [
        *(("facebook", happening) for happening in Happening),
        ("instagram", Happening.WRITTEN),
        ("instagram", Happening.EDITED),
    ],
)
def test_what_the_network_signs_is_a_hint(told: Told, key: str, happening: Happening) -> None:
    body, headers, account, message = told(key, happening)
    reader = webhooks(key, APP)
    reader.verify_webhook(headers, body)
    (hint,) = reader.parse_webhook(body)
    assert (hint.account, hint.message) == (account, message)
    assert is_fresh(hint, datetime.now(UTC))


def altered(headers: dict[str, str], body: bytes) -> dict[str, tuple[dict[str, str], bytes]]:
    given = headers["x-hub-signature-256"]
    sha1 = "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
    return {
        "no signature": ({}, body),
        "an empty one": ({"x-hub-signature-256": ""}, body),
        "the kind alone": ({"x-hub-signature-256": "sha256="}, body),
        "without its kind": ({"x-hub-signature-256": given.removeprefix("sha256=")}, body),
        "the old kind": ({"x-hub-signature": sha1}, body),
        "the old kind in the new place": ({"x-hub-signature-256": sha1}, body),
        "of another secret": (signed(body, "other"), body),
        "of no secret": (signed(body, ""), body),
        "cut": ({"x-hub-signature-256": given[:-1]}, body),
        "upper case": ({"x-hub-signature-256": "sha256=" + given[7:].upper()}, body),
        "one digit changed": ({"x-hub-signature-256": given[:-1] + ("0" if given[-1] != "0" else "1")}, body),
        "not ASCII": ({"x-hub-signature-256": "sha256=é" + given[8:]}, body),
        "another body": (headers, body.replace(b"add", b"aid") + b" "),
        "a space more": (headers, body + b" "),
        "no body": (headers, b""),
        "the digest of the body": ({"x-hub-signature-256": "sha256=" + hashlib.sha256(body).hexdigest()}, body),
    }


@both
def test_nothing_forged_or_altered_is_believed(told: Told, key: str) -> None:
    body, headers, _, _ = told(key, Happening.WRITTEN)
    tries = altered(headers, body)
    assert len(tries) >= 12
    for given, changed in tries.values():
        reader = webhooks(key, APP)
        with pytest.raises(WebhookRefused):
            reader.verify_webhook(given, changed)
    for app in (App(), App("id", "other"), App("id", SECRET, webhook_secret="its own")):
        with pytest.raises(WebhookRefused):
            webhooks(key, app).verify_webhook(headers, body)
    own = App("id", "other", webhook_secret=SECRET)
    webhooks(key, own).verify_webhook(headers, body)


ENTRY: dict[str, Any] = {"id": "7", "time": 1_800_000_000, "changes": []}


def parsed(reader: Webhooks, key: str, **entry: Any) -> tuple[Hint, ...]:
    kind = {"facebook": "page", "instagram": "instagram"}[key]
    return reader.parse_webhook(json.dumps({"object": kind, "entry": [ENTRY | entry]}).encode())


@both
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{oops",
        b"[]",
        b"null",
        b'"page"',
        b"{}",
        b'{"object": "page"}',
        b'{"object": "user", "entry": []}',
        b'{"object": "instagram_", "entry": []}',
        b'{"object": "page", "entry": 7}',
        b'{"object": "%s", "entry": [7]}',
        b'{"object": "%s", "entry": [{"id": "7"}]}',
        b'{"object": "%s", "entry": [{"id": "7", "time": "now"}]}',
        b'{"object": "%s", "entry": [{"id": "7", "time": true, "changes": []}]}',
        b'{"object": "%s", "entry": [{"id": "7", "time": 1e300, "changes": []}]}',
        b'{"object": "%s", "entry": [{"id": "7", "time": 1, "changes": [7]}]}',
        b'{"object": "%s", "entry": [{"id": "7", "time": 1, "changes": [{"field": "feed", "value": [7]}]}]}',
        b'{"object": "%s", "entry": [{"id": "7", "time": 1, "changes": [{"value": {}}]}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_refused(key: str, body: bytes) -> None:
    kind = {"facebook": b"page", "instagram": b"instagram"}[key]
    body = body.replace(b'"feed"', b'"comments"') if key == "instagram" else body
    with pytest.raises(WebhookRefused) as caught:
        webhooks(key, APP).parse_webhook(body.replace(b"%s", kind))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@both
def test_one_network_does_not_read_the_others(told: Told, key: str) -> None:
    other = next(one for one in KEYS if one != key)
    body, headers, _, _ = told(other, Happening.WRITTEN)
    webhooks(key, APP).verify_webhook(headers, body)
    with pytest.raises(WebhookRefused):
        webhooks(key, APP).parse_webhook(body)


def test_only_messages_are_news() -> None:
    pages, accounts = webhooks("facebook", APP), webhooks("instagram", APP)
    like = {"field": "feed", "value": {"item": "reaction", "verb": "add", "post_id": "7_1"}}
    post = {"field": "feed", "value": {"item": "status", "verb": "edited", "post_id": "7_2"}}
    named = {"field": "mention", "value": {"post_id": "9_3", "verb": "add"}}
    other = {"field": "messages", "value": {}}
    hints = parsed(pages, "facebook", changes=[like, post, named, other])
    assert [hint.message for hint in hints] == ["7_2", "9_3"]
    caption = {"field": "mentions", "value": {"media_id": "17"}}
    comment = {"field": "mentions", "value": {"media_id": "17", "comment_id": "18"}}
    hints = parsed(accounts, "instagram", changes=[caption, comment, {"field": "story_insights", "value": {}}])
    assert [hint.message for hint in hints] == ["17", "18"]
    at = datetime.fromtimestamp(1_800_000_000, UTC)
    assert {hint.at for hint in hints} == {at}
    late = parsed(accounts, "instagram", time=1_800_000_000_123, changes=[caption])
    assert late[0].at.replace(microsecond=0) == at


@both
def test_the_challenge_of_our_own_app_is_answered(key: str) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": verify_token(APP)}
    reader = webhooks(key, APP)
    assert reader.challenge(query) == Challenge("1158201444", "text/plain")
    assert SECRET not in verify_token(APP)
    for wrong in (
        {},
        query | {"hub.verify_token": ""},
        query | {"hub.verify_token": verify_token(App("id", "other"))},
        query | {"hub.verify_token": "é"},
        query | {"hub.mode": "unsubscribe"},
        query | {"hub.challenge": ""},
        query | {"hub.challenge": "<script>"},
        query | {"hub.challenge": "1" * 21},
        query | {"hub.challenge": "a1"},
        query | {"hub.challenge": "1\n"},
        query | {"hub.challenge": '{"object":"page"}'},
        {name: value for name, value in query.items() if name != "hub.mode"},
    ):
        with pytest.raises(WebhookRefused):
            reader.challenge(wrong)
    nobody = App()
    with pytest.raises(WebhookRefused):
        webhooks(key, nobody).challenge(query | {"hub.verify_token": verify_token(nobody)})


def test_a_mention_elsewhere_is_told_as_one() -> None:
    db = Database(None)
    dialect = by_network("instagram")
    assert dialect
    assert dialect.tell
    page, anna = people.create(db, handle="finances"), people.create(db, handle="anna")
    shown = posts.create(db, posts.draft(person_id=anna.id, text="Chez @finances", network="instagram"))
    hook = Hook("instagram", page.id, "http://127.0.0.1/", SECRET)
    square = Simulator(db, Limits({}))
    outgoing = dialect.tell(square, Event(Happening.WRITTEN, shown, anna, page, now_ms()), hook)
    assert outgoing
    (hint,) = webhooks("instagram", APP).parse_webhook(json.dumps(outgoing.payload).encode())
    assert (hint.account, hint.message) == (f"17841{page.id}", str(shown.id))
    assert dialect.tell(square, Event(Happening.DELETED, shown, anna, page, now_ms()), hook) is None
    db.close()
