"""Signing in through Facebook, for pages and Instagram accounts, walked over sockets as a browser would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.catalogue import NETWORKS, connector, consent
from networks.consent import App, Begun, Consent, Granted
from networks.egress import Egress
from networks.errors import (
    AuthExpired,
    NetworkError,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from networks.graph.client import proof_of
from networks.kinds import Purpose
from networks.port import Connector
from networks.types import AccountRef, Draft
from tests.networks import loopback
from tests.networks.doors import agree, answer_page
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.networks.squares.square import attempt
from tests.networks.subjects.facebook import refused
from tests.simulator.fixture import Control

BACK = "https://parvis.example/registry/connect/back/"
BOTH = ("facebook", "instagram")
CANARY = "canary-secret-77ab10"
SCOPES = " ".join(sorted({scope.name for key in BOTH for scope in NETWORKS[key].scopes}))
both = pytest.mark.parametrize("key", BOTH)


@pytest.fixture
def app(simulator: Control) -> App:
    simulator.person("finances", "SPF Finances", kind="organisation")
    made = simulator.app(BACK, SCOPES)
    return App(made["client_id"], made["client_secret"])


def door(simulator: Control, app: App, key: str) -> Consent:
    return consent(key, simulator.url, app, Egress(allow=frozenset({simulator.host})))


def begin(simulator: Control, app: App, key: str, purpose: Purpose = Purpose.ALL) -> Begun:
    return door(simulator, app, key).begin(state="s1", redirect_uri=BACK, purpose=purpose)


def walk(simulator: Control, app: App, key: str, handle: str, purpose: Purpose = Purpose.ALL) -> tuple[Granted, ...]:
    start = begin(simulator, app, key, purpose)
    code, state = agree(simulator, start.url, handle)
    assert state == "s1"
    return door(simulator, app, key).finish(code=code, kept=start.kept, redirect_uri=BACK)


def acting(simulator: Control, key: str, granted: Granted, **more: str) -> Connector:
    credentials = {**granted.renewed.credentials, **more}
    account = AccountRef(key, simulator.url, granted.identity.remote_id, granted.identity.handle, credentials)
    return connector(account, Egress(allow=frozenset({simulator.host})))


@both
def test_the_whole_walk(simulator: Control, app: App, key: str) -> None:
    (granted,) = walk(simulator, app, key, "finances")
    assert (granted.identity.handle, granted.identity.name) == ("finances", "SPF Finances")
    assert granted.identity.url.startswith(simulator.url)
    assert set(granted.scopes) == {scope.name for scope in NETWORKS[key].asked(Purpose.ALL, app)}
    assert granted.renewed.expires_at is None, "a page's token does not end by itself"
    assert granted.renewed.ends_at
    assert timedelta(days=89) < granted.renewed.ends_at - datetime.now(UTC) < timedelta(days=91)
    credentials = granted.renewed.credentials
    assert app.client_secret not in credentials.values()
    assert credentials["proof"] == proof_of(credentials["access_token"], app.client_secret)
    page = acting(simulator, key, granted)
    assert page.identify() == granted.identity

    with pytest.raises(Unsupported):
        door(simulator, app, key).renew(credentials)
    (again,) = walk(simulator, app, key, "finances")
    assert acting(simulator, key, again).identify() == granted.identity

    door(simulator, app, key).revoke(credentials)
    with pytest.raises(AuthExpired):
        page.identify()
    with pytest.raises(AuthExpired):
        door(simulator, app, key).revoke(credentials)


@pytest.mark.longer
@both
def test_every_page_that_the_person_manages(simulator: Control, app: App, key: str) -> None:
    for number in range(120):
        simulator.person(f"dienst_{number}", kind="organisation")
    granted = walk(simulator, app, key, "anna")
    assert len(granted) == 122, "her own, the Finances and 120 more: two pages of them"
    assert len({one.identity.remote_id for one in granted}) == 122
    assert len({one.renewed.credentials["access_token"] for one in granted}) == 122
    finances = next(one for one in granted if one.identity.handle == "finances")
    assert acting(simulator, key, finances).identify() == finances.identity


@both
def test_the_page_is_asked_for_without_a_secret(simulator: Control, app: App, key: str) -> None:
    start = begin(simulator, app, key, Purpose.READ)
    asked = parse_qs(urlsplit(start.url).query)
    assert start.url.startswith(f"{simulator.url}/v26.0/dialog/oauth?")
    assert asked["state"] == ["s1"]
    assert asked["code_challenge_method"] == ["S256"]
    assert not set(asked["scope"][0].split(",")) & {"pages_manage_posts", "instagram_content_publish"}
    assert app.client_secret not in start.url
    assert start.kept["verifier"] not in start.url
    assert start.kept["verifier"] not in repr(start)
    real = consent(key, NETWORKS[key].default_base_url, app, Egress())
    begun = real.begin(state="s1", redirect_uri=BACK, purpose=Purpose.ALL)
    assert begun.url.startswith("https://www.facebook.com/v26.0/dialog/oauth?")


def test_a_consent_for_reading_writes_nothing(simulator: Control, app: App) -> None:
    (granted,) = walk(simulator, app, "facebook", "finances", Purpose.READ)
    page = acting(simulator, "facebook", granted)
    assert page.inbox().items == ()
    with pytest.raises(PermissionMissing):
        page.publish(Draft("Bonjour", "fr"), attempt())
    assert simulator.posts(network="facebook") == []


@both
def test_somebody_refuses(simulator: Control, app: App, key: str) -> None:
    told = answer_page(simulator, begin(simulator, app, key).url, "finances", "deny")
    assert told == {"error": ["access_denied"], "state": ["s1"]}


@pytest.mark.longer
@both
def test_a_code_is_worth_nothing_to_others(simulator: Control, app: App, key: str) -> None:
    start = begin(simulator, app, key)
    tries: list[tuple[App, dict[str, str], str]] = [
        (app, {"verifier": "w" * 43}, BACK),
        (app, {}, BACK),
        (app, dict(start.kept), BACK + "other"),
        (App(app.client_id, "wrong"), dict(start.kept), BACK),
    ]
    for who, kept, back in tries:
        code, _ = agree(simulator, start.url, "finances")
        with pytest.raises(NetworkError) as caught:
            door(simulator, who, key).finish(code=code, kept=kept, redirect_uri=back)
        assert isinstance(caught.value, Rejected | Unavailable)
        assert code not in caught.value.detail
    code, _ = agree(simulator, start.url, "finances")
    assert door(simulator, app, key).finish(code=code, kept=start.kept, redirect_uri=BACK)
    with pytest.raises(Rejected):
        door(simulator, app, key).finish(code=code, kept=start.kept, redirect_uri=BACK)


def test_an_ended_token_is_an_expired_sign_in_and_a_new_one_works(simulator: Control, app: App) -> None:
    (granted,) = walk(simulator, app, "facebook", "finances")
    over = simulator.token("finances", SCOPES, seconds=1)["token"]
    simulator.revoke("finances")
    with pytest.raises(AuthExpired):
        acting(simulator, "facebook", granted, access_token=over, proof="").identify()
    (again,) = walk(simulator, app, "facebook", "finances")
    assert acting(simulator, "facebook", again).identify().handle == "finances"


def test_a_proof_of_another_app_is_refused(simulator: Control, app: App) -> None:
    (granted,) = walk(simulator, app, "facebook", "finances")
    stranger = proof_of(granted.renewed.credentials["access_token"], "another secret")
    with pytest.raises(Rejected):
        acting(simulator, "facebook", granted, proof=stranger).identify()


def test_a_token_travels_in_no_address(simulator: Control, app: App) -> None:
    (granted,) = walk(simulator, app, "facebook", "finances")
    acting(simulator, "facebook", granted).publish(Draft("Bonjour", "fr"), attempt())
    journal = "".join(call["path"] + call["query"] for call in simulator.journal() if "debug_token" not in call["path"])
    assert "dialog/oauth" in journal
    assert granted.renewed.credentials["access_token"] not in journal
    assert granted.renewed.credentials["user_token"] not in journal
    assert app.client_secret not in journal


LOST: dict[str, tuple[Reply, type[NetworkError]]] = {
    "503": (answer(refused("later", 2, is_transient=True), 503), Unavailable),
    "code 1": (answer(refused("unknown error", 1), 500), Unavailable),
    "429": (answer(refused("too many", 4), 403), RateLimited),
    "reset": (loopback.reset, Unavailable),
    "timeout": (loopback.silent, Unavailable),
    "html": (loopback.html(), Unavailable),
    "other json": (answer(["nothing"]), Unavailable),
    "no token": (answer({"token_type": "bearer"}), Unavailable),
}


@both
@pytest.mark.parametrize("fault", LOST)
def test_a_blip_while_signing_in_is_no_dead_token(key: str, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    reply, expected = LOST[fault]
    app = App("id", f"app-{CANARY}")
    with serve(lambda _asked: reply) as server:
        made = consent(key, server.url, app, Egress(allow=server.allow, timeout=0.5))
        verbs = (
            lambda: made.finish(code=f"code-{CANARY}", kept={"verifier": CANARY}, redirect_uri=BACK),
            lambda: made.revoke({"access_token": CANARY, "user_token": f"user-{CANARY}"}),
        )
        for verb in verbs:
            with pytest.raises(NetworkError) as caught:
                verb()
            assert type(caught.value) is expected
            assert (caught.value.__cause__, caught.value.__context__) == (None, None)
            assert CANARY not in repr(caught.value) + caught.value.detail
    assert CANARY not in caplog.text + repr(made) + repr(app)


def test_only_a_clear_refusal_ends_a_sign_in() -> None:
    words = f"Error validating access token {CANARY}"
    with serve(lambda _asked: answer(refused(words, 190, error_subcode=460), 400)) as server:
        made = consent("facebook", server.url, App("id", "secret"), Egress(allow=server.allow))
        with pytest.raises(AuthExpired) as caught:
            made.revoke({"user_token": CANARY})
    assert CANARY not in caught.value.detail


@pytest.mark.parametrize("refusing", ["/v26.0/oauth/access_token", "/v26.0/debug_token", "/v26.0/me/accounts"])
def test_a_token_that_a_refusal_quotes_is_told_to_nobody(refusing: str) -> None:
    """Each call is about the token that the one before it brought."""
    brought = iter([f"{CANARY}-short", f"{CANARY}-long"])
    known = ""

    def script(asked: Asked) -> Reply:
        nonlocal known
        if known and asked.path == refusing:
            return answer(refused(f"Malformed access token {known}", 190), 400)
        if asked.path.endswith("debug_token"):
            return answer({"data": {"scopes": []}})
        known = next(brought)
        return answer({"access_token": known})

    with serve(script) as server:
        made = consent("facebook", server.url, App("id", "of-the-app"), Egress(allow=server.allow))
        with pytest.raises(AuthExpired) as caught:
            made.finish(code="c", kept={"verifier": "v"}, redirect_uri=BACK)
    assert caught.value.detail.startswith("Malformed access token")
    assert CANARY not in caught.value.detail


def test_a_scope_that_no_network_writes_is_none() -> None:
    told = {"data": {"scopes": ["pages_show_list", "pages_montrées", "\u202epages"]}}
    replies: dict[str, Any] = {
        "/v26.0/oauth/access_token": {"access_token": "t"},
        "/v26.0/debug_token": told,
        "/v26.0/me/accounts": {"data": [{"id": "7", "name": "Fin", "access_token": "page-token"}]},
    }
    with serve(lambda asked: answer(replies[asked.path])) as server:
        made = consent("facebook", server.url, App("id", "secret"), Egress(allow=server.allow))
        (granted,) = made.finish(code="c", kept={"verifier": "v"}, redirect_uri=BACK)
    assert granted.scopes == ("pages_show_list",)


def test_a_page_without_an_instagram_account_is_none_there() -> None:
    page = {"id": "7", "name": "Fin", "access_token": "page-token"}
    linked = {**page, "id": "8", "instagram_business_account": {"id": "178418", "username": "fin"}}
    replies: dict[str, Any] = {
        "/v26.0/oauth/access_token": {"access_token": "t", "token_type": "bearer", "expires_in": 5_184_000},
        "/v26.0/debug_token": {"data": {"scopes": ["instagram_basic"], "data_access_expires_at": 0}},
        "/v26.0/me/accounts": {"data": [page, linked]},
    }

    def script(asked: Asked) -> Reply:
        return answer(replies[asked.path])

    with serve(script) as server:
        made = consent("instagram", server.url, App("id", "secret"), Egress(allow=server.allow))
        (granted,) = made.finish(code="c", kept={"verifier": "v"}, redirect_uri=BACK)
        secret_in = [asked.target for asked in server.asked if "client_secret" in asked.target]
    assert (granted.identity.remote_id, granted.identity.name) == ("178418", "fin")
    assert granted.renewed.ends_at is None
    assert secret_in == []


def test_the_square_asks_nobody_for_what_an_app_may_not(simulator: Control) -> None:
    narrow = simulator.app(BACK, "pages_show_list")
    start = begin(simulator, App(narrow["client_id"], narrow["client_secret"]), "facebook")
    assert requests.get(start.url, timeout=5).status_code == 400
