"""X's sign-in by consent, walked over sockets as a browser would; and renewing, where a mistake costs the account."""

from __future__ import annotations

import base64
import logging
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest

from networks.catalogue import NETWORKS, connector, consent
from networks.consent import App, Begun, Consent, challenge
from networks.egress import Egress
from networks.errors import AuthExpired, Invalid, NetworkError, PermissionMissing, Unavailable, Unsupported
from networks.kinds import Purpose
from networks.port import Connector
from networks.types import AccountRef, Draft
from networks.x.consent import REVOKE, TOKEN, XConsent
from tests.networks import loopback
from tests.networks.doors import agree, answer_page
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve
from tests.networks.squares.square import attempt
from tests.simulator.fixture import Control

BACK = "https://parvis.example/registry/connect/back/"
CANARY = "canary-secret-5d20ef"
SCOPES = " ".join(scope.name for scope in NETWORKS["x"].scopes)
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def app(simulator: Control) -> App:
    made = simulator.app(BACK, SCOPES)
    return App(made["client_id"], made["client_secret"])


def door(simulator: Control, app: App) -> Consent:
    return consent("x", simulator.url, app, Egress(allow=frozenset({simulator.host})))


def acting(simulator: Control, credentials: dict[str, str]) -> Connector:
    account = AccountRef("x", simulator.url, "", "finances", credentials)
    return connector(account, Egress(allow=frozenset({simulator.host})))


def begun(simulator: Control, app: App, purpose: Purpose = Purpose.ALL) -> Begun:
    return door(simulator, app).begin(state="s1", redirect_uri=BACK, purpose=purpose)


def granted(simulator: Control, app: App, purpose: Purpose = Purpose.ALL) -> tuple[dict[str, str], set[str]]:
    start = begun(simulator, app, purpose)
    code, state = agree(simulator, start.url, "finances")
    assert state == "s1"
    (found,) = door(simulator, app).finish(code=code, kept=start.kept, redirect_uri=BACK)
    assert found.identity.handle == "finances"
    assert found.renewed.expires_at
    assert abs(found.renewed.expires_at - datetime.now(UTC) - TWO_HOURS) < timedelta(minutes=1)
    return dict(found.renewed.credentials), set(found.scopes)


def test_the_whole_walk(simulator: Control, app: App) -> None:
    old, scopes = granted(simulator, app)
    assert scopes == {scope.name for scope in NETWORKS["x"].asked(Purpose.ALL, app)}
    assert acting(simulator, old).publish(Draft("Bonjour", "fr"), attempt()).id

    renewed = door(simulator, app).renew(old)
    new = old | dict(renewed.credentials)
    assert new.keys() == old.keys() == {"access_token", "refresh_token"}
    assert not set(new.values()) & set(old.values())
    with pytest.raises(AuthExpired):
        acting(simulator, old).identify()
    with pytest.raises(AuthExpired):
        door(simulator, app).renew(old)
    assert acting(simulator, new).identify().handle == "finances"

    door(simulator, app).revoke(new)
    with pytest.raises(AuthExpired):
        acting(simulator, new).identify()
    with pytest.raises(AuthExpired):
        door(simulator, app).renew(new)
    door(simulator, app).revoke(new)  # what X has forgotten is as good as revoked


def test_the_page_is_asked_for_with_a_challenge_and_without_a_secret(simulator: Control, app: App) -> None:
    start = begun(simulator, app)
    asked = parse_qs(urlsplit(start.url).query)
    assert start.url.startswith(f"{simulator.url}/i/oauth2/authorize?")
    assert asked["code_challenge"] == [challenge(start.kept["verifier"])]
    assert (asked["code_challenge_method"], asked["state"]) == (["S256"], ["s1"])
    assert start.kept["verifier"] not in start.url + repr(start)
    assert app.client_secret not in start.url


def test_the_real_network_is_asked_at_its_own_addresses() -> None:
    start = consent("x", "https://x.com", App("id", "secret"), Egress()).begin(
        state="s", redirect_uri=BACK, purpose=Purpose.ALL
    )
    assert start.url.startswith("https://x.com/i/oauth2/authorize?")


def test_reading_asks_for_no_right_to_write(simulator: Control, app: App) -> None:
    credentials, scopes = granted(simulator, app, Purpose.READ)
    assert scopes == {"tweet.read", "users.read", "offline.access"}
    reading = acting(simulator, credentials)
    assert reading.inbox().items == ()
    with pytest.raises(PermissionMissing):
        reading.publish(Draft("Bonjour", "fr"), attempt())


def test_reading_and_writing_may_be_kept_apart(simulator: Control, app: App) -> None:
    write, _ = granted(simulator, app, Purpose.WRITE)
    read, _ = granted(simulator, app, Purpose.READ)
    both = write | {f"read_{name}": value for name, value in read.items()}
    renewed = dict(door(simulator, app).renew(both).credentials)
    assert renewed.keys() == {"access_token", "refresh_token", "read_access_token", "read_refresh_token"}
    both |= renewed
    service = acting(simulator, both)
    assert service.publish(Draft("Bonjour", "fr"), attempt()).id
    assert service.identify().handle == "finances"
    door(simulator, app).revoke(both)
    for name in ("access_token", "read_access_token"):
        with pytest.raises(AuthExpired):
            acting(simulator, {"access_token": both[name]}).identify()


def test_a_person_who_refuses_leaves_no_code(simulator: Control, app: App) -> None:
    back = answer_page(simulator, begun(simulator, app).url, "finances", "deny")
    assert back == {"error": ["access_denied"], "state": ["s1"]}


@pytest.mark.parametrize(
    ("code", "verifier", "redirect_uri"),
    [("right", "wrong" * 10, BACK), ("right", "", BACK), ("wrong", "right", BACK), ("right", "right", BACK + "x")],
)
def test_what_does_not_belong_together_is_refused(
    simulator: Control, app: App, code: str, verifier: str, redirect_uri: str
) -> None:
    start = begun(simulator, app)
    right, _ = agree(simulator, start.url, "finances")
    kept = dict(start.kept) if verifier == "right" else {"verifier": verifier}
    with pytest.raises(Invalid, match="authorization code was invalid"):
        door(simulator, app).finish(code=right if code == "right" else code, kept=kept, redirect_uri=redirect_uri)


def test_a_code_is_worth_something_once(simulator: Control, app: App) -> None:
    start = begun(simulator, app)
    code, _ = agree(simulator, start.url, "finances")
    door(simulator, app).finish(code=code, kept=start.kept, redirect_uri=BACK)
    with pytest.raises(Invalid):
        door(simulator, app).finish(code=code, kept=start.kept, redirect_uri=BACK)


def test_an_app_that_is_not_known_is_the_administrations_to_mend(simulator: Control, app: App) -> None:
    old, _ = granted(simulator, app)
    with pytest.raises(PermissionMissing):
        door(simulator, App(app.client_id, "wrong")).renew(old)
    assert door(simulator, app).renew(old).credentials


def test_nothing_is_renewed_without_offline_access(simulator: Control, app: App) -> None:
    with pytest.raises(Unsupported):
        door(simulator, app).renew({"access_token": "a"})


@pytest.mark.longer
def test_an_ended_token_is_an_expired_sign_in_and_a_renewed_one_works(simulator: Control) -> None:
    simulator.person("finances")
    given = simulator.token("finances", SCOPES, seconds=1, renewable=True)
    old = {"access_token": given["token"], "refresh_token": given["refresh"]}
    until = datetime.fromisoformat(given["expires_at"])
    while datetime.now(UTC) <= until:
        pass
    with pytest.raises(AuthExpired):
        acting(simulator, old).identify()
    renewed = door(simulator, App(given["client_id"], given["client_secret"])).renew(old)
    assert acting(simulator, dict(renewed.credentials)).identify().handle == "finances"


BLIPS: dict[str, Reply] = {
    "timeout": loopback.silent,
    "reset": loopback.reset,
    "truncated": loopback.truncated,
    "html": loopback.html(),
    "500": answer({"title": "Internal Server Error"}, 500),
    "503": answer({"title": "Service Unavailable"}, 503),
    "nothing": answer({}),
    "a list": answer([]),
}
OLD = {"access_token": CANARY, "refresh_token": f"{CANARY}-r"}


def scripted(server: Loopback) -> Consent:
    return XConsent(server.url, App("id", f"{CANARY}-s"), Egress(allow=server.allow, timeout=0.6))


@pytest.mark.parametrize("blip", BLIPS)
def test_a_blip_is_never_a_dead_token(blip: str) -> None:
    with serve(lambda _asked: BLIPS[blip]) as server:
        made = scripted(server)
        for verb in (
            lambda: made.renew(OLD),
            lambda: made.finish(code="c", kept={"verifier": "v"}, redirect_uri=BACK),
        ):
            with pytest.raises(Unavailable) as caught:
                verb()
            assert type(caught.value) is Unavailable


@pytest.mark.parametrize("blip", [name for name in BLIPS if name not in ("nothing", "a list")])
def test_a_farewell_that_is_not_heard_says_so(blip: str) -> None:
    with serve(lambda _asked: BLIPS[blip]) as server, pytest.raises(Unavailable):
        scripted(server).revoke(OLD)


FRESH = {"token_type": "bearer", "expires_in": 7200, "access_token": "a2", "refresh_token": "r2"}
DEAD = answer({"error": "invalid_request", "error_description": "Value passed for the token was invalid."}, 400)


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        (BLIPS["503"], {"access_token": "a2", "refresh_token": "r2"}),
        (
            DEAD,
            {"access_token": "a2", "refresh_token": "r2", "read_access_token": "", "read_refresh_token": ""},
        ),
    ],
)
def test_what_one_renewal_brought_survives_the_failure_of_the_next(second: Reply, kept: dict[str, str]) -> None:
    """The refresh token is spent: losing its successor would lose the account."""
    pair = OLD | {"read_access_token": "x", "read_refresh_token": "dying"}
    with serve(lambda asked: second if asked.form["refresh_token"] == ["dying"] else answer(FRESH)) as server:
        renewed = scripted(server).renew(pair)
    assert renewed.credentials == kept
    assert renewed.expires_at
    assert renewed.expires_at <= datetime.now(UTC) + TWO_HOURS


@pytest.mark.parametrize("told", [7200, 7200.0, "7200"])
def test_an_end_is_an_end_however_the_number_is_written(told: Any) -> None:
    """Else nobody would renew the token in time."""
    with serve(lambda _asked: answer(FRESH | {"expires_in": told})) as server:
        ends = scripted(server).renew(OLD).expires_at
    assert ends
    assert timedelta() <= datetime.now(UTC) + TWO_HOURS - ends < timedelta(minutes=1)


def test_the_app_shows_its_secret_where_it_belongs_alone() -> None:
    with serve(lambda _asked: answer(FRESH)) as server:
        scripted(server).renew(OLD)
        (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", TOKEN)
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(f"id:{CANARY}-s".encode()).decode()
    assert asked.form == {"grant_type": ["refresh_token"], "refresh_token": [f"{CANARY}-r"]}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_no_secret_in_errors_logs_or_reprs(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    def echo(asked: Asked) -> Reply:
        words = f"{asked.headers['authorization']} {asked.body.decode()}"
        told = {"error": words, "error_description": unquote_plus(words), "detail": words}
        return answer(told, status)

    with serve(echo) as server:
        made = scripted(server)
        for verb in (
            lambda: made.renew(OLD),
            lambda: made.revoke(OLD),
            lambda: made.finish(code=f"{CANARY}-c", kept={"verifier": f"{CANARY}-v"}, redirect_uri=BACK),
        ):
            try:
                verb()
            except NetworkError as error:
                seen += [repr(error), error.detail, "".join(traceback.format_exception(error))]
        seen += [repr(made), repr(vars(made)), caplog.text]
        assert {asked.path for asked in server.asked} == {TOKEN, REVOKE}
    assert CANARY not in "\n".join(seen)
