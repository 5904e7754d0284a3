"""LinkedIn's sign-in by consent, walked over sockets as a browser would."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests

from networks.catalogue import connector, consent
from networks.consent import App, Consent, Granted
from networks.egress import Egress
from networks.errors import AuthExpired, Invalid, NetworkError, PermissionMissing, Unavailable, Unsupported
from networks.kinds import Purpose
from networks.linkedin.consent import LinkedInConsent
from networks.linkedin.rest import VERSION
from networks.port import Connector
from networks.types import AccountRef, Draft
from tests.networks import loopback
from tests.networks.doors import agree, answer_page
from tests.networks.loopback import Reply, answer, serve
from tests.networks.squares.square import attempt
from tests.simulator.fixture import Control

BACK = "https://parvis.example/registry/connect/back/"
SCOPES = "rw_organization_admin r_organization_social w_organization_social"
CANARY = "canary-secret-31c0de"


@pytest.fixture
def app(simulator: Control) -> App:
    simulator.person("finances", "SPF Finances", kind="organisation")
    made = simulator.app(BACK, SCOPES)
    return App(made["client_id"], made["client_secret"])


def door(simulator: Control, app: App) -> Consent:
    return consent("linkedin", simulator.url, app, Egress(allow=frozenset({simulator.host})))


def walk(simulator: Control, app: App, handle: str, purpose: Purpose = Purpose.ALL) -> tuple[Granted, ...]:
    start = door(simulator, app).begin(state="s1", redirect_uri=BACK, purpose=purpose)
    code, state = agree(simulator, start.url, handle)
    assert state == "s1"
    return door(simulator, app).finish(code=code, kept=start.kept, redirect_uri=BACK)


def acting(simulator: Control, granted: Granted, credentials: dict[str, str] | None = None) -> Connector:
    known = credentials or granted.renewed.credentials
    account = AccountRef("linkedin", simulator.url, granted.identity.remote_id, "finances", known)
    return connector(account, Egress(allow=frozenset({simulator.host})))


def test_the_whole_walk(simulator: Control, app: App) -> None:
    (granted,) = walk(simulator, app, "finances")
    assert (granted.identity.handle, granted.identity.name) == ("finances", "SPF Finances")
    assert granted.identity.url == f"{simulator.url}/company/finances/"
    assert set(granted.scopes) == set(SCOPES.split())
    now = datetime.now(UTC)
    assert granted.renewed.expires_at
    assert granted.renewed.ends_at
    assert timedelta(days=59) < granted.renewed.expires_at - now < timedelta(days=61)
    assert timedelta(days=364) < granted.renewed.ends_at - now < timedelta(days=366)
    assert acting(simulator, granted).publish(Draft("Bonjour", "fr"), attempt()).id

    renewed = door(simulator, app).renew(granted.renewed.credentials)
    assert renewed.credentials["access_token"] != granted.renewed.credentials["access_token"]
    assert renewed.credentials["refresh_token"] == granted.renewed.credentials["refresh_token"]
    with pytest.raises(AuthExpired):
        acting(simulator, granted).identify()
    assert acting(simulator, granted, dict(renewed.credentials)).identify().handle == "finances"

    door(simulator, app).revoke(renewed.credentials)
    with pytest.raises(AuthExpired):
        acting(simulator, granted, dict(renewed.credentials)).identify()
    with pytest.raises(AuthExpired):
        door(simulator, app).renew(renewed.credentials)


def test_a_person_speaks_for_every_page_that_they_administer(simulator: Control, app: App) -> None:
    first = simulator.person("finances", kind="organisation")
    second = simulator.person("douanes", "Douanes", kind="organisation")
    simulator.person("anna")
    ids = {one["handle"]: one["id"] for one in simulator.control("GET", "people")}
    assert walk(simulator, app, "anna") == ()
    for handle, token in (("finances", first), ("douanes", second)):
        page, person = f"urn:li:organization:{ids[handle]}", f"urn:li:person:{ids['anna']}"
        role = f"(organization:{page},role:ADMINISTRATOR,roleAssignee:{person})"
        headers = {"Authorization": f"Bearer {token}", "LinkedIn-Version": VERSION}
        url = f"{simulator.url}/rest/organizationAcls/{quote(role, safe='')}"
        assert requests.put(url, headers=headers, timeout=5).status_code == 204
    granted = walk(simulator, app, "anna")
    assert {one.identity.handle for one in granted} == {"finances", "douanes"}
    assert len({one.identity.remote_id for one in granted}) == 2
    assert len({one.renewed.credentials["access_token"] for one in granted}) == 1


def test_the_page_is_asked_for_without_a_secret(simulator: Control, app: App) -> None:
    start = door(simulator, app).begin(state="s1", redirect_uri=BACK, purpose=Purpose.READ)
    asked = parse_qs(urlsplit(start.url).query)
    assert start.url.startswith(f"{simulator.url}/oauth/v2/authorization?")
    assert asked["state"] == ["s1"]
    assert "w_organization_social" not in asked["scope"][0]
    assert app.client_secret not in start.url
    assert (
        LinkedInConsent("https://www.linkedin.com", app, Egress())
        .begin(state="s1", redirect_uri=BACK, purpose=Purpose.ALL)
        .url.startswith("https://www.linkedin.com/oauth/v2/authorization?")
    )


def test_a_consent_for_reading_writes_nothing(simulator: Control, app: App) -> None:
    (granted,) = walk(simulator, app, "finances", Purpose.READ)
    assert acting(simulator, granted).inbox().items == ()
    with pytest.raises(PermissionMissing):
        acting(simulator, granted).publish(Draft("Bonjour", "fr"), attempt())


def test_somebody_refuses(simulator: Control, app: App) -> None:
    start = door(simulator, app).begin(state="s1", redirect_uri=BACK, purpose=Purpose.ALL)
    assert answer_page(simulator, start.url, "finances", "deny") == {"error": ["access_denied"], "state": ["s1"]}


def test_a_code_is_worth_nothing_twice_or_to_another_app(simulator: Control, app: App) -> None:
    start = door(simulator, app).begin(state="s1", redirect_uri=BACK, purpose=Purpose.ALL)
    code, _ = agree(simulator, start.url, "finances")
    made = simulator.app(BACK, SCOPES)
    other = App(made["client_id"], made["client_secret"])
    with pytest.raises(AuthExpired):
        door(simulator, other).finish(code=code, kept={}, redirect_uri=BACK)
    with pytest.raises(PermissionMissing):
        door(simulator, App(app.client_id, "wrong")).finish(code=code, kept={}, redirect_uri=BACK)
    with pytest.raises(AuthExpired):
        door(simulator, app).finish(code=code, kept={}, redirect_uri=BACK)


def test_a_token_that_is_over_is_an_expired_sign_in(simulator: Control, app: App) -> None:
    (granted,) = walk(simulator, app, "finances")
    given = simulator.token("finances", SCOPES, seconds=1)
    dead = acting(simulator, granted, {"access_token": given["token"]})
    time.sleep(1.1)
    with pytest.raises(AuthExpired):
        dead.identify()
    revoked = acting(simulator, granted)
    assert revoked.identify().handle == "finances"
    simulator.revoke("finances")
    with pytest.raises(AuthExpired):
        revoked.identify()


LOST: dict[str, Reply] = {
    "503": answer({"message": "later"}, 503),
    "429": answer({"message": "later"}, 429),
    "reset": loopback.reset,
    "timeout": loopback.silent,
    "html": loopback.html(),
    "other json": answer(["nothing"]),
    "no token": answer({"access_token": None}),
}


@pytest.mark.parametrize("fault", LOST)
def test_a_blip_while_renewing_is_no_dead_token(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with serve(lambda _asked: LOST[fault]) as server:
        made = LinkedInConsent(server.url, App("id", CANARY), Egress(allow=server.allow, timeout=0.5))
        with pytest.raises(NetworkError) as caught:
            made.renew({"access_token": CANARY, "refresh_token": CANARY})
    assert caught.value.code == ("rate_limited" if fault == "429" else Unavailable.code)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert CANARY not in repr(caught.value) + caplog.text


@pytest.mark.parametrize(
    ("error", "words", "expected"),
    [
        (
            "invalid_request",
            "The provided authorization grant or refresh token is invalid, expired or revoked",
            AuthExpired,
        ),
        ("invalid_grant", "no", AuthExpired),
        ("invalid_client", f"not {CANARY}", PermissionMissing),
        ("invalid_request", "A required parameter is missing", Invalid),
    ],
)
def test_only_a_clear_refusal_ends_a_sign_in(error: str, words: str, expected: type[NetworkError]) -> None:
    with serve(lambda _asked: answer({"error": error, "error_description": words}, 400)) as server:
        made = LinkedInConsent(server.url, App("id", CANARY), Egress(allow=server.allow))
        with pytest.raises(NetworkError) as caught:
            made.renew({"access_token": "a", "refresh_token": "refresh-canary"})
    assert type(caught.value) is expected
    assert CANARY not in caught.value.detail


def test_an_app_without_refresh_tokens_ends_with_its_token() -> None:
    told = {"access_token": "t", "expires_in": 5_184_000, "scope": "r_organization_social"}
    page = {"id": 7, "vanityName": "fin", "localizedName": "Fin"}
    role = {"role": "ADMINISTRATOR", "state": "APPROVED", "organization": "urn:li:organization:7"}
    analyst = {"role": "ANALYST", "state": "APPROVED", "organization": "urn:li:organization:8"}
    replies = {
        "/oauth/v2/accessToken": answer(told),
        "/rest/organizationAcls": answer({"elements": [role, analyst, role]}),
        "/rest/organizations/7": answer(page),
    }
    with serve(lambda asked: replies[asked.path]) as server:
        made = LinkedInConsent(server.url, App("id", "secret"), Egress(allow=server.allow))
        (granted,) = made.finish(code="c", kept={}, redirect_uri=BACK)
        assert granted.renewed.expires_at == granted.renewed.ends_at
        with pytest.raises(Unsupported):
            made.renew(granted.renewed.credentials)
    assert granted.identity.remote_id == "urn:li:organization:7"
