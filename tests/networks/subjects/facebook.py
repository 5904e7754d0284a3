from __future__ import annotations

from typing import Any

from networks.egress import Egress
from networks.facebook.connector import FacebookConnector
from networks.types import AccountRef
from tests.networks.loopback import answer
from tests.networks.subjects.subject import CANARY, Subject

PAGE = {"id": "7", "name": "Finances", "username": "fin", "link": "https://www.facebook.com/7"}


def _make(base_url: str, egress: Egress) -> FacebookConnector:
    credentials = {"access_token": CANARY, "proof": f"proof-{CANARY}", "user_token": f"user-{CANARY}"}
    account = AccountRef("facebook", base_url, "7", "fin", credentials)
    return FacebookConnector(account, egress, pause=lambda _seconds: None)


def refused(message: str, code: int = 100, **more: Any) -> dict[str, Any]:
    """An error in the shape of the Graph API."""
    return {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1", **more}}


SUBJECT = Subject(
    "facebook",
    _make,
    write=("POST", "/v26.0/7/feed"),
    read=("GET", "/v26.0/me"),
    upload=("POST", "/v26.0/7/photos"),
    good={
        ("POST", "/v26.0/7/feed"): answer({"id": "7_501"}),
        ("GET", "/v26.0/me"): answer(PAGE),
        ("POST", "/v26.0/7/photos"): answer({"id": "33"}),
    },
    words=refused,
)
