"""Both connectors over a scripted server, as one kind of thing, so that one test speaks about every network."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.mastodon.connector import MastodonConnector
from networks.port import Connector
from networks.types import AccountRef, AttemptKey, Draft
from tests.networks.loopback import Asked, Loopback, Reply, Script, answer

CANARY = "canary-secret-2f6b1c"
DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
CID = "bafyreicmitijshsirk6ll6v4nasbhkbafrbrl2ic24rc3drnfied36mhyu"

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


def token(**claims: Any) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"exp": int(time.time()) + 7200, "sub": DID, "canary": CANARY, **claims})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*coded, "c2lnbmF0dXJl"))


@dataclass(frozen=True)
class Subject:
    """A network seen from a test: its connector, the call that publishes, and good answers for it."""

    network: str
    write: tuple[str, str]
    read: tuple[str, str]
    upload: tuple[str, str]

    def connector(self, server: Loopback, *, timeout: float = 5.0, max_bytes: int = 1_000_000) -> Connector:
        egress = Egress(allow=server.allow, timeout=timeout, max_bytes=max_bytes)
        if self.network == "mastodon":
            account = AccountRef("mastodon", server.url, "7", "fin", {"access_token": CANARY})
            return MastodonConnector(account, egress, pause=lambda _seconds: None)
        credentials = {"identifier": "fin.test", "app_password": CANARY}
        account = AccountRef("bluesky", server.url, DID, "fin.test", credentials)
        return BlueskyConnector(account, egress, sessions=SessionStore())

    def script(self, special: dict[tuple[str, str], Reply]) -> Script:
        """Good answers, but for the calls in `special`."""
        good = {**GOOD, **special}
        return lambda asked: good.get((asked.method, asked.path), answer({"error": "unexpected"}, 404))

    def writes(self, server: Loopback) -> int:
        return server.count(*self.write)


def session(_asked: Asked | None = None) -> dict[str, Any]:
    return {"did": DID, "handle": "fin.test", "accessJwt": token(), "refreshJwt": token(), "active": True}


GOOD: dict[tuple[str, str], Reply] = {
    ("POST", "/api/v1/statuses"): answer(STATUS),
    ("GET", "/api/v1/accounts/verify_credentials"): answer(STATUS["account"]),
    ("POST", "/api/v2/media"): answer({"id": "33", "type": "image", "url": "https://masto.example/33.png"}),
    ("POST", "/xrpc/com.atproto.server.createSession"): answer(session()),
    ("GET", "/xrpc/com.atproto.server.getSession"): answer({"did": DID, "handle": "fin.test"}),
    ("POST", "/xrpc/com.atproto.repo.uploadBlob"): answer(
        {"blob": {"$type": "blob", "ref": {"$link": CID}, "mimeType": "image/png", "size": 4}}
    ),
    ("POST", "/xrpc/com.atproto.repo.putRecord"): answer({"uri": f"at://{DID}/app.bsky.feed.post/3abc", "cid": CID}),
}

MASTODON = Subject(
    "mastodon",
    write=("POST", "/api/v1/statuses"),
    read=("GET", "/api/v1/accounts/verify_credentials"),
    upload=("POST", "/api/v2/media"),
)
BLUESKY = Subject(
    "bluesky",
    write=("POST", "/xrpc/com.atproto.repo.putRecord"),
    read=("GET", "/xrpc/com.atproto.server.getSession"),
    upload=("POST", "/xrpc/com.atproto.repo.uploadBlob"),
)
SUBJECTS = (MASTODON, BLUESKY)

DRAFT = Draft(text="Bonjour", language="fr")


def attempt(key: str = "a1b2c3") -> AttemptKey:
    return AttemptKey(key, datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
