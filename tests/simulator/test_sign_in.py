"""OAuth as a client lives it: register, consent on the page, code with PKCE, token, revoke."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from mastodon import Mastodon
from mastodon.errors import MastodonUnauthorizedError

from tests.simulator.fixture import Control

BACK = "http://127.0.0.1:9/back"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def app(simulator: Control) -> tuple[str, str]:
    made: tuple[str, str] = Mastodon.create_app(
        "Parvis", scopes=["read", "write:statuses"], redirect_uris=BACK, api_base_url=simulator.url
    )
    return made


def consent(simulator: Control, app: tuple[str, str], **more: str) -> requests.Response:
    """Somebody presses a button on the page of consent."""
    simulator.person("finances", "SPF Finances")
    person = next(one["id"] for one in simulator.control("GET", "people") if one["handle"] == "finances")
    form = {
        "client_id": app[0],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "read write:statuses",
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "person": person,
        "decision": "allow",
    }
    return requests.post(
        f"{simulator.url}/oauth/authorize",
        data=form | more,
        headers={"Origin": simulator.url},
        allow_redirects=False,
        timeout=5,
    )


def redeem(simulator: Control, app: tuple[str, str], code: str, **more: str) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": app[0],
        "client_secret": app[1],
        "redirect_uri": BACK,
        "code": code,
        "code_verifier": VERIFIER,
    }
    return requests.post(f"{simulator.url}/oauth/token", data=form | more, timeout=5)


def code_of(answer: requests.Response) -> str:
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s1"]
    return back["code"][0]


def test_the_whole_flow(simulator: Control, app: tuple[str, str]) -> None:
    asking = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=simulator.url)
    simulator.person("finances", "SPF Finances")
    address = asking.auth_request_url(
        redirect_uris=BACK, scopes=["read", "write:statuses"], state="s1", allow_http=True
    )
    page = requests.get(address, timeout=5)
    assert page.status_code == 200
    assert "SPF Finances (@finances)" in page.text
    assert "form-action 'self' http://127.0.0.1:9" in page.headers["Content-Security-Policy"]

    code = code_of(consent(simulator, app))
    answer = redeem(simulator, app, code)
    assert answer.json().keys() == {"access_token", "token_type", "scope", "created_at"}
    token = answer.json()["access_token"]
    acting = Mastodon(client_id=app[0], client_secret=app[1], access_token=token, api_base_url=simulator.url)
    assert acting.account_verify_credentials().acct == "finances"
    assert acting.app_verify_credentials().name == "Parvis"
    assert acting.status_post("bonjour").application.name == "Parvis"
    refused = requests.post(f"{simulator.url}/api/v2/media", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    assert (refused.status_code, refused.json()) == (403, {"error": "This action is outside the authorized scopes"})

    assert redeem(simulator, app, code).json()["error"] == "invalid_grant"
    acting.revoke_access_token(allow_http=True)
    again = Mastodon(access_token=token, api_base_url=simulator.url)
    with pytest.raises(MastodonUnauthorizedError, match="revoked"):
        again.account_verify_credentials()


def test_mastodon_py_logs_in_with_a_code(simulator: Control, app: tuple[str, str]) -> None:
    code = code_of(consent(simulator, app, code_challenge="", code_challenge_method=""))
    asking = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=simulator.url)
    asking.log_in(code=code, redirect_uri=BACK, scopes=["read", "write:statuses"], allow_http=True)
    assert asking.me().acct == "finances"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": BACK + "/other"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_to_others(
    simulator: Control, app: tuple[str, str], more: dict[str, str], error: str
) -> None:
    answer = redeem(simulator, app, code_of(consent(simulator, app)), **more)
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] == error


@pytest.mark.parametrize(
    "more",
    [{"redirect_uri": "http://127.0.0.1:9/else"}, {"scope": "write"}, {"client_id": "x"}, {"response_type": "token"}],
)
def test_a_wrong_request_never_leads_back(simulator: Control, app: tuple[str, str], more: dict[str, str]) -> None:
    answer = consent(simulator, app, **more)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_somebody_refuses(simulator: Control, app: tuple[str, str]) -> None:
    answer = consent(simulator, app, decision="deny")
    assert answer.headers["Location"] == f"{BACK}?error=access_denied&state=s1"


def test_an_app_by_itself_is_nobody(simulator: Control, app: tuple[str, str]) -> None:
    form = {"grant_type": "client_credentials", "scope": "read"}
    token = requests.post(f"{simulator.url}/oauth/token", data=form, auth=app, timeout=5).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{simulator.url}/api/v1/timelines/public", headers=headers, timeout=5).status_code == 200
    own = requests.get(f"{simulator.url}/api/v1/accounts/verify_credentials", headers=headers, timeout=5)
    assert (own.status_code, own.json()) == (401, {"error": "This method requires an authenticated user"})
