from __future__ import annotations

from typing import Any

from networks.egress import Egress
from networks.types import AccountRef
from networks.x.connector import XConnector
from tests.networks.loopback import answer
from tests.networks.subjects.subject import CANARY, Subject

TWEET = {"data": {"id": "1456012973835788293", "text": "Bonjour", "edit_history_tweet_ids": ["1456012973835788293"]}}
USER = {"data": {"id": "7", "name": "Finances", "username": "fin"}}


def _make(base_url: str, egress: Egress) -> XConnector:
    credentials = {
        "access_token": CANARY,
        "refresh_token": f"{CANARY}-refresh",
        "read_access_token": f"{CANARY}-read",
        "read_refresh_token": f"{CANARY}-read-refresh",
    }
    account = AccountRef("x", base_url, "7", "fin", credentials)
    return XConnector(account, egress, pause=lambda _seconds: None)


def _words(text: str) -> Any:
    return {"title": "Invalid Request", "detail": text, "type": "https://api.twitter.com/2/problems/invalid-request"}


SUBJECT = Subject(
    "x",
    _make,
    write=("POST", "/2/tweets"),
    read=("GET", "/2/users/me"),
    upload=("POST", "/2/media/upload"),
    good={
        ("POST", "/2/tweets"): answer(TWEET, 201),
        ("GET", "/2/users/me"): answer(USER),
        ("POST", "/2/media/upload"): answer({"data": {"id": "33", "media_key": "3_33", "expires_after_secs": 86400}}),
        ("POST", "/2/media/metadata"): answer({"data": {"id": "33"}}),
    },
    words=_words,
)
