"""LinkedIn's calls to us: what the training network signs is believed, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from networks.catalogue import webhooks
from networks.consent import App
from networks.linkedin.webhooks import LinkedInWebhooks
from networks.types import PostRef
from networks.webhooks import Hint, WebhookRefused, is_fresh
from simulator.dialects.linkedin import DIALECT
from simulator.hooks import Event, Happening, Hook
from simulator.limits import Limits
from simulator.routing import Simulator
from simulator.store import people, posts
from simulator.store.database import Database, now_ms

SECRET = "app-secret-9d41"
HOOK = Hook("linkedin", 1, "http://127.0.0.1/webhooks/linkedin/", SECRET)


def ours(secret: str = SECRET) -> LinkedInWebhooks:
    made = webhooks("linkedin", App("id", secret))
    assert isinstance(made, LinkedInWebhooks)
    return made


@pytest.fixture
def told() -> dict[Happening, tuple[bytes, str, str]]:
    """What the training network says of a comment: the body, the page, the comment."""
    db = Database(None)
    square = Simulator(db, Limits({}))
    page = people.create(db, handle="finances", kind="organisation")
    anna = people.create(db, handle="anna")
    ours = posts.create(db, posts.draft(person_id=page.id, text="Le guichet ouvre", network="linkedin"))
    said = posts.create(db, posts.draft(person_id=anna.id, text="où ?", reply_to=ours, network="linkedin"))
    assert DIALECT.tell
    found = {}
    for happening in Happening:
        outgoing = DIALECT.tell(square, Event(happening, said, anna, page, now_ms()), HOOK)
        assert outgoing
        comment = f"urn:li:comment:(urn:li:activity:{ours.id + 1},{said.id})"
        found[happening] = (json.dumps(outgoing.payload).encode(), f"urn:li:organization:{page.id}", comment)
    assert DIALECT.tell(square, Event(Happening.WRITTEN, ours, page, page, now_ms()), HOOK) is None
    db.close()
    return found


def signed(body: bytes) -> dict[str, str]:
    assert DIALECT.sign
    return {name.lower(): value for name, value in DIALECT.sign(HOOK, body).items()}


def test_what_the_network_signs_is_a_hint(told: dict[Happening, tuple[bytes, str, str]]) -> None:
    for body, page, comment in told.values():
        ours().verify_webhook(signed(body), body)
        (hint,) = ours().parse_webhook(body)
        assert (hint.account, hint.message) == (page, comment)
        assert is_fresh(hint, datetime.now(UTC))
        assert PostRef(hint.message)


def test_the_challenge_is_answered_with_a_proof() -> None:
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    answer = ours().challenge({"challengeCode": code})
    proof = hmac.new(SECRET.encode(), code.encode(), hashlib.sha256).hexdigest()
    assert json.loads(answer.body) == {"challengeCode": code, "challengeResponse": proof}
    assert answer.mime == "application/json"


CODES = [
    "",
    "x" * 36,
    "890e4665-4dfe-1ab1-b689-ed553bceeed0",
    "890e4665-4dfe-4ab1-b689-ed553bceeed0\n",
    'hmacsha256={"type":"x"}',
]


@pytest.mark.parametrize("query", [{}, {"hub.challenge": "1"}, *({"challengeCode": one} for one in CODES)])
def test_a_strangers_question_is_not_answered(query: dict[str, str]) -> None:
    with pytest.raises(WebhookRefused):
        ours().challenge(query)


def test_nobody_is_answered_or_believed_without_a_secret() -> None:
    body = b"{}"
    with pytest.raises(WebhookRefused):
        ours("").challenge({"challengeCode": "1"})
    empty = hmac.new(b"", b"hmacsha256=" + body, hashlib.sha256).hexdigest()
    with pytest.raises(WebhookRefused):
        ours("").verify_webhook({"x-li-signature": empty}, body)


GOOD = b'{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}'
PROOF = hmac.new(SECRET.encode(), b"hmacsha256=" + GOOD, hashlib.sha256).hexdigest()


def test_the_signature_may_carry_its_word() -> None:
    ours().verify_webhook({"x-li-signature": f"hmacsha256={PROOF}"}, GOOD)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, GOOD),
        ({"x-li-signature": ""}, GOOD),
        ({"x-li-signature": PROOF[:-1]}, GOOD),
        ({"x-li-signature": PROOF + "0"}, GOOD),
        ({"x-li-signature": PROOF.upper()}, GOOD),
        ({"x-li-signature": "0" * 64}, GOOD),
        ({"x-li-signature": PROOF}, GOOD + b" "),
        ({"x-li-signature": PROOF}, GOOD.replace(b"[]", b"[{}]")),
        ({"x-li-signature": PROOF}, b""),
        ({"x-li-signature": hmac.new(SECRET.encode(), GOOD, hashlib.sha256).hexdigest()}, GOOD),
        ({"x-li-signature": hmac.new(b"other", b"hmacsha256=" + GOOD, hashlib.sha256).hexdigest()}, GOOD),
        ({"x-li-signature": hashlib.sha256(SECRET.encode() + GOOD).hexdigest()}, GOOD),
        ({"x-li-signature": f"sha256={PROOF}"}, GOOD),
        ({"x-li-signature": f"{PROOF}é"}, GOOD),
        ({"x-hub-signature-256": PROOF}, GOOD),
    ],
)
def test_a_forged_or_altered_call_is_refused(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        ours().verify_webhook(headers, body)


def misshapen(**changed: Any) -> bytes:
    one = {
        "action": "COMMENT",
        "organizationalEntity": "urn:li:organization:1",
        "lastModifiedAt": 1_790_000_000_000,
        "generatedActivity": "urn:li:comment:(activity:5,9)",
    } | changed
    return json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [one]}).encode()


def test_the_model_of_the_misshapen_is_good() -> None:
    at = datetime.fromtimestamp(1_790_000_000, UTC)
    expected = Hint("urn:li:organization:1", at, "urn:li:comment:(urn:li:activity:5,9)")
    assert ours().parse_webhook(misshapen()) == (expected,)
    assert ours().parse_webhook(misshapen(action="LIKE")) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        b'{"type":"LEAD_ACTION","notifications":[]}',
        b'{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"}',
        b'{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":{}}',
        b'{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":["x"]}',
        b"[" * 100_000,
        misshapen(lastModifiedAt="soon"),
        misshapen(lastModifiedAt=10**30),
        misshapen(lastModifiedAt=None),
        misshapen(organizationalEntity=7),
        misshapen(organizationalEntity="urn:li:person:1"),
    ],
)
def test_a_misshapen_call_is_refused(body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        ours().parse_webhook(body)
