from __future__ import annotations

from typing import Any

from networks.egress import Egress
from networks.mastodon.connector import MastodonConnector
from networks.types import AccountRef
from tests.networks.loopback import answer
from tests.networks.subjects.subject import CANARY, Subject

STATUS: dict[str, Any] = {
    "id": "501",
    "created_at": "2026-11-20T09:00:00.000Z",
    "url": "https://masto.example/@fin/501",
    "content": "<p>Bonjour</p>",
    "account": {
        "id": "7",
        "acct": "fin",
        "username": "fin",
        "display_name": "Finances",
        "url": "https://masto.example/@fin",
    },
    "in_reply_to_id": None,
    "language": "fr",
}


def _make(base_url: str, egress: Egress) -> MastodonConnector:
    account = AccountRef("mastodon", base_url, "7", "fin", {"access_token": CANARY})
    return MastodonConnector(account, egress, pause=lambda _seconds: None)


SUBJECT = Subject(
    "mastodon",
    _make,
    write=("POST", "/api/v1/statuses"),
    read=("GET", "/api/v1/accounts/verify_credentials"),
    upload=("POST", "/api/v2/media"),
    good={
        ("POST", "/api/v1/statuses"): answer(STATUS),
        ("GET", "/api/v1/accounts/verify_credentials"): answer(STATUS["account"]),
        ("POST", "/api/v2/media"): answer({"id": "33", "type": "image", "url": "https://masto.example/33.png"}),
    },
)
