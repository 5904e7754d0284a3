"""Google's sign-in by consent, walked over sockets as a browser would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.catalogue import connector, consent, network
from networks.consent import App, Begun, Consent, challenge
from networks.egress import Egress
from networks.errors import AuthExpired, NetworkError, PermissionMissing, Unavailable
from networks.kinds import Purpose
from networks.types import AccountRef
from networks.youtube.consent import YoutubeConsent
from tests.networks import loopback
from tests.networks.doors import agree, answer_page
from tests.networks.loopback import Loopback, Reply, answer, html, serve
from tests.networks.subjects.youtube import CHANNEL, CHANNELS
from tests.simulator.fixture import Control

BACK = "https://parvis.example/registry/connect/back/"
CANARY = "canary-secret-19c3d0"
ALL = " ".join(scope.name for scope in network("youtube").scopes)
HELD = {"access_token": CANARY, "refresh_token": CANARY}
TOKENS = {"access_token": "new", "expires_in": 3599, "scope": ALL, "token_type": "Bearer"}


@pytest.fixture
def door(simulator: Control) -> Consent:
    return consent("youtube", simulator.url, App(**simulator.app(BACK, ALL)), Egress(allow=frozenset({simulator.host})))


def begun(door: Consent, purpose: Purpose = Purpose.ALL) -> Begun:
    return door.begin(state="s1", redirect_uri=BACK, purpose=purpose)


def at(server: Loopback) -> Consent:
    return YoutubeConsent(server.url, App("id", CANARY), Egress(allow=server.allow, timeout=0.6))


def test_the_whole_walk(simulator: Control, door: Consent) -> None:
    start = begun(door)
    code, state = agree(simulator, start.url, "finances")
    assert state == "s1"
    (granted,) = door.finish(code=code, kept=start.kept, redirect_uri=BACK)
    assert granted.identity.handle == "finances"
    assert " ".join(granted.scopes) == ALL
    held = dict(granted.renewed.credentials)
    assert granted.renewed.expires_at
    assert timedelta(minutes=58) < granted.renewed.expires_at - datetime.now(UTC) < timedelta(minutes=61)

    def acting(credentials: dict[str, str]) -> object:
        account = AccountRef("youtube", simulator.url, granted.identity.remote_id, "finances", credentials)
        return connector(account, Egress(allow=frozenset({simulator.host}))).identify()

    assert acting(held) == granted.identity
    renewed = door.renew(held)
    assert set(renewed.credentials) == {"access_token"}  # the token to renew with stays, nothing wipes it
    with pytest.raises(AuthExpired):
        acting(held)
    held |= renewed.credentials
    assert acting(held) == granted.identity
    held |= door.renew(held).credentials
    door.revoke(held)
    door.revoke(held)  # taken back already
    with pytest.raises(AuthExpired):
        acting(held)
    with pytest.raises(AuthExpired):
        door.renew(held)


def test_the_page_is_asked_for_lasting_access_without_a_secret(door: Consent) -> None:
    start = begun(door)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.url).query).items()}
    assert urlsplit(start.url).path == "/o/oauth2/v2/auth"
    assert (asked["access_type"], asked["prompt"], asked["code_challenge_method"]) == ("offline", "consent", "S256")
    assert asked["code_challenge"] == challenge(start.kept["verifier"])
    assert start.kept["verifier"] not in start.url
    assert asked["scope"] == ALL
    reading = parse_qs(urlsplit(begun(door, Purpose.READ).url).query)["scope"][0].split()
    assert "https://www.googleapis.com/auth/youtube.upload" not in reading


def test_the_real_hosts_stand_for_the_real_network_alone() -> None:
    real = YoutubeConsent("https://www.youtube.com", App("id", "secret"), Egress())
    start = real.begin(state="s", redirect_uri=BACK, purpose=Purpose.ALL)
    assert start.url.startswith("https://accounts.google.com/o/oauth2/v2/auth?")


def test_whoever_asks_for_no_lasting_access_gets_none(simulator: Control, door: Consent) -> None:
    start = begun(door)
    code, _ = agree(simulator, start.url.replace("access_type=offline", "access_type=online"), "finances")
    (granted,) = door.finish(code=code, kept=start.kept, redirect_uri=BACK)
    assert set(granted.renewed.credentials) == {"access_token"}


def test_a_person_who_refuses(simulator: Control, door: Consent) -> None:
    assert answer_page(simulator, begun(door).url, "finances", "deny") == {"error": ["access_denied"], "state": ["s1"]}


@pytest.mark.parametrize("wrong", ["code", "verifier", "address", "app", "twice"])
def test_a_code_that_is_not_ours_is_worth_nothing(simulator: Control, door: Consent, wrong: str) -> None:
    start = begun(door)
    code, _ = agree(simulator, start.url, "finances")
    kept = {"verifier": "w" * 43} if wrong == "verifier" else start.kept
    where = BACK + "else" if wrong == "address" else BACK
    if wrong == "app":
        other = App(**simulator.app(BACK, ALL))
        door = YoutubeConsent(simulator.url, other, Egress(allow=frozenset({simulator.host})))
    if wrong == "twice":
        door.finish(code=code, kept=kept, redirect_uri=where)
    with pytest.raises(AuthExpired):
        door.finish(code="x" if wrong == "code" else code, kept=kept, redirect_uri=where)


def test_a_wrong_secret_is_the_administrations_to_mend(simulator: Control, door: Consent) -> None:
    start = begun(door)
    code, _ = agree(simulator, start.url, "finances")
    (client_id,) = parse_qs(urlsplit(start.url).query)["client_id"]
    app = App(client_id, "wrong")
    with pytest.raises(PermissionMissing):
        YoutubeConsent(simulator.url, app, Egress(allow=frozenset({simulator.host}))).finish(
            code=code, kept=start.kept, redirect_uri=BACK
        )


def test_a_google_account_without_a_channel_grants_nothing() -> None:
    none = answer({"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0, "resultsPerPage": 5}})
    with serve(lambda asked: answer(TOKENS) if asked.path == "/token" else none) as server:
        assert at(server).finish(code="c", kept={"verifier": "v"}, redirect_uri=BACK) == ()


def test_a_token_to_renew_with_that_ends_is_told() -> None:
    told = {**TOKENS, "refresh_token": "lasting", "refresh_token_expires_in": 604_799}
    with serve(lambda asked: answer(told) if asked.path == "/token" else answer(CHANNELS)) as server:
        (granted,) = at(server).finish(code="c", kept={"verifier": "v"}, redirect_uri=BACK)
    assert granted.identity.remote_id == CHANNEL
    assert granted.renewed.credentials == {"access_token": "new", "refresh_token": "lasting"}
    assert granted.renewed.ends_at
    assert timedelta(days=6) < granted.renewed.ends_at - datetime.now(UTC) < timedelta(days=8)


BLIPS: dict[str, Reply] = {
    "503": answer({"error": "backendError"}, 503),
    "500 html": html(500),
    "timeout": loopback.silent,
    "reset": loopback.reset,
    "truncated": loopback.truncated,
    "html 200": html(),
    "another shape": answer(["nothing"]),
    "no token": answer({"expires_in": 3599}),
}


@pytest.mark.parametrize("blip", BLIPS)
def test_a_blip_is_no_dead_token(blip: str) -> None:
    with serve(lambda _asked: BLIPS[blip]) as server:
        with pytest.raises(Unavailable) as caught:
            at(server).renew(HELD)
        assert type(caught.value) is Unavailable
        assert server.count("POST", "/token") == 1


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, "invalid_grant", AuthExpired),
        (401, "invalid_client", PermissionMissing),
        (403, "access_denied", NetworkError),
    ],
)
def test_only_a_dead_grant_is_an_expired_sign_in(status: int, error: str, kind: type[NetworkError]) -> None:
    told = answer({"error": error, "error_description": f"Token {CANARY} is dead"}, status)
    with serve(lambda _asked: told) as server, pytest.raises(kind) as caught:
        at(server).renew(HELD)
    assert isinstance(caught.value, AuthExpired) is (error == "invalid_grant")
    assert CANARY not in f"{caught.value!r} {caught.value} {caught.value.detail}"


def test_without_anything_to_renew_with_somebody_has_to_connect_again(door: Consent) -> None:
    with pytest.raises(AuthExpired):
        door.renew({"access_token": "x"})
