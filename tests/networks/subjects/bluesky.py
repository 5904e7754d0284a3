from __future__ import annotations

import base64
import json
import time
from typing import Any

from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.types import AccountRef
from tests.networks.loopback import Asked, answer
from tests.networks.subjects.subject import CANARY, Subject

DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
CID = "bafyreicmitijshsirk6ll6v4nasbhkbafrbrl2ic24rc3drnfied36mhyu"


def token(**claims: Any) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"exp": int(time.time()) + 7200, "sub": DID, "canary": CANARY, **claims})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*coded, "c2lnbmF0dXJl"))


def session(_asked: Asked | None = None) -> dict[str, Any]:
    return {"did": DID, "handle": "fin.test", "accessJwt": token(), "refreshJwt": token(), "active": True}


def _make(base_url: str, egress: Egress) -> BlueskyConnector:
    credentials = {"identifier": "fin.test", "app_password": CANARY}
    account = AccountRef("bluesky", base_url, DID, "fin.test", credentials)
    return BlueskyConnector(account, egress, sessions=SessionStore())


SUBJECT = Subject(
    "bluesky",
    _make,
    write=("POST", "/xrpc/com.atproto.repo.putRecord"),
    read=("GET", "/xrpc/com.atproto.server.getSession"),
    upload=("POST", "/xrpc/com.atproto.repo.uploadBlob"),
    good={
        ("POST", "/xrpc/com.atproto.server.createSession"): answer(session()),
        ("GET", "/xrpc/com.atproto.server.getSession"): answer({"did": DID, "handle": "fin.test"}),
        ("POST", "/xrpc/com.atproto.repo.uploadBlob"): answer(
            {"blob": {"$type": "blob", "ref": {"$link": CID}, "mimeType": "image/png", "size": 4}}
        ),
        ("POST", "/xrpc/com.atproto.repo.putRecord"): answer(
            {"uri": f"at://{DID}/app.bsky.feed.post/3abc", "cid": CID}
        ),
    },
)
