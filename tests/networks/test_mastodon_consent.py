"""Mastodon's sign-in by consent, walked over sockets as a browser would."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from networks.catalogue import connector, consent
from networks.consent import App, Begun, Consent, challenge
from networks.egress import Egress
from networks.errors import AuthExpired, NetworkError, PermissionMissing, Unavailable, Unsupported
from networks.kinds import Purpose
from networks.mastodon.consent import MastodonConsent
from networks.types import AccountRef, Draft
from tests.networks import loopback
from tests.networks.doors import agree
from tests.networks.loopback import Reply, answer, serve
from tests.networks.squares.square import attempt
from tests.simulator.fixture import Control

BACK = "https://parvis.example/registry/connect/back/"
CANARY = "canary-secret-77ab21"


def door(simulator: Control, app: App | None = None) -> Consent:
    return consent("mastodon", simulator.url, app or App(), Egress(allow=frozenset({simulator.host})))


def begun(simulator: Control, purpose: Purpose = Purpose.ALL) -> Begun:
    return door(simulator).begin(state="s1", redirect_uri=BACK, purpose=purpose)


def test_the_whole_walk(simulator: Control) -> None:
    start = begun(simulator)
    code, state = agree(simulator, start.url, "finances")
    assert state == "s1"
    (granted,) = door(simulator).finish(code=code, kept=start.kept, redirect_uri=BACK)
    assert granted.identity.handle == "finances"
    assert {"read:accounts", "write:statuses", "write:media"} <= set(granted.scopes)
    assert (granted.renewed.expires_at, granted.renewed.ends_at) == (None, None)

    credentials = granted.renewed.credentials
    account = AccountRef("mastodon", simulator.url, granted.identity.remote_id, "finances", credentials)
    acting = connector(account, Egress(allow=frozenset({simulator.host})))
    assert acting.publish(Draft("Bonjour", "fr"), attempt()).id
    with pytest.raises(Unsupported):
        door(simulator).renew(credentials)
    door(simulator).revoke(credentials)
    with pytest.raises(AuthExpired):
        acting.identify()


def test_the_page_is_asked_for_with_a_challenge_and_without_a_secret(simulator: Control) -> None:
    start = begun(simulator)
    asked = parse_qs(urlsplit(start.url).query)
    assert start.url.startswith(f"{simulator.url}/oauth/authorize?")
    assert asked["code_challenge"] == [challenge(start.kept["verifier"])]
    assert (asked["code_challenge_method"], asked["state"]) == (["S256"], ["s1"])
    assert start.kept["verifier"] not in start.url
    assert start.kept["client_secret"] not in start.url
    assert start.kept["client_secret"] not in repr(start)


@pytest.mark.parametrize(
    ("purpose", "missing"),
    [(Purpose.READ, {"write:statuses", "write:media"}), (Purpose.WRITE, {"read:search", "read:notifications"})],
)
def test_a_purpose_asks_for_no_more_than_it_needs(simulator: Control, purpose: Purpose, missing: set[str]) -> None:
    start = begun(simulator, purpose)
    code, _ = agree(simulator, start.url, "finances")
    (granted,) = door(simulator).finish(code=code, kept=start.kept, redirect_uri=BACK)
    assert not missing & set(granted.scopes)
    account = AccountRef("mastodon", simulator.url, granted.identity.remote_id, "", granted.renewed.credentials)
    acting = connector(account, Egress(allow=frozenset({simulator.host})))
    if purpose is Purpose.READ:
        assert acting.inbox().items == ()
        with pytest.raises(PermissionMissing):
            acting.publish(Draft("Bonjour", "fr"), attempt())
    else:
        assert acting.publish(Draft("Bonjour", "fr"), attempt()).id
        with pytest.raises(PermissionMissing):
            acting.inbox()


def test_a_code_is_worth_nothing_without_its_verifier_or_twice(simulator: Control) -> None:
    start = begun(simulator)
    code, _ = agree(simulator, start.url, "finances")
    with pytest.raises(AuthExpired):
        door(simulator).finish(code=code, kept={**start.kept, "verifier": "x" * 43}, redirect_uri=BACK)
    other = begun(simulator)
    code, _ = agree(simulator, other.url, "finances")
    with pytest.raises(AuthExpired):
        door(simulator).finish(code=code, kept=start.kept, redirect_uri=BACK)
    code, _ = agree(simulator, other.url, "finances")
    with pytest.raises(AuthExpired):
        door(simulator).finish(code=code, kept=other.kept, redirect_uri=f"{BACK}else")
    code, _ = agree(simulator, other.url, "finances")
    door(simulator).finish(code=code, kept=other.kept, redirect_uri=BACK)
    with pytest.raises(AuthExpired):
        door(simulator).finish(code=code, kept=other.kept, redirect_uri=BACK)


def test_an_app_that_the_administration_registered_is_used_as_it_is(simulator: Control) -> None:
    scopes = " ".join(["read", "write"])
    made = simulator.app(BACK, scopes)
    app = App(made["client_id"], made["client_secret"])
    start = door(simulator, app).begin(state="s1", redirect_uri=BACK, purpose=Purpose.ALL)
    assert set(start.kept) == {"verifier"}
    assert simulator.journal("POST", "/api/v1/apps") == []
    code, _ = agree(simulator, start.url, "finances")
    (granted,) = door(simulator, app).finish(code=code, kept=start.kept, redirect_uri=BACK)
    assert set(granted.renewed.credentials) == {"access_token"}
    wrong = App(app.client_id, "wrong")
    with pytest.raises(PermissionMissing):
        door(simulator, wrong).revoke(granted.renewed.credentials)
    door(simulator, app).revoke(granted.renewed.credentials)


def test_a_token_that_a_person_typed_in_is_not_ours_to_revoke(simulator: Control) -> None:
    with pytest.raises(Unsupported):
        door(simulator).revoke({"access_token": simulator.person("finances")})


LOST: dict[str, Reply] = {
    "503": answer({"error": "later"}, 503),
    "reset": loopback.reset,
    "timeout": loopback.silent,
    "html": loopback.html(),
    "other json": answer(["nothing"]),
    "no token": answer({"access_token": None}),
}


@pytest.mark.parametrize("fault", LOST)
def test_a_blip_is_unavailable_and_tells_no_secret(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with serve(lambda _asked: LOST[fault]) as server:
        made = MastodonConsent(server.url, App("id", CANARY), Egress(allow=server.allow, timeout=0.5))
        with pytest.raises(Unavailable) as caught:
            made.finish(code=CANARY, kept={"verifier": CANARY}, redirect_uri=BACK)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert CANARY not in repr(caught.value) + caplog.text


def test_a_refusal_that_repeats_our_secret_is_told_without_it() -> None:
    reply = answer({"error": "invalid_client", "error_description": f"not {CANARY}"}, 401)
    with serve(lambda _asked: reply) as server:
        made = MastodonConsent(server.url, App("id", CANARY), Egress(allow=server.allow))
        with pytest.raises(NetworkError) as caught:
            made.finish(code="code", kept={"verifier": "v" * 43}, redirect_uri=BACK)
    assert type(caught.value) is PermissionMissing
    assert CANARY not in caught.value.detail
