"""Our XRPC beside the real Personal Data Server: the same calls to both, the same fields, each of the same type."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
import requests

from tests.pds.fixture import Pds, pds
from tests.simulator.fixture import Control
from tests.simulator.test_recordings import differences

__all__ = ["pds"]

pytestmark = pytest.mark.pds
POSTS = "app.bsky.feed.post"
# The real one's document of an identity, and what it leaves to a client's interest alone.
UNSPOKEN = ("didDoc", "didDoc[]", "tooBig")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf50"
    "0f000482018071b7a0d30000000049454e44ae426082"
)


class Side:
    """One of the two servers, signed in as somebody."""

    def __init__(self, base_url: str, handle: str, password: str) -> None:
        self.base = f"{base_url}/xrpc/"
        self.handle = handle
        told = {"identifier": handle, "password": password}
        self.session = requests.post(f"{self.base}com.atproto.server.createSession", json=told, timeout=30).json()
        self.did = self.session["did"]
        self.headers = {"Authorization": f"Bearer {self.session['accessJwt']}"}

    def call(self, method: str, name: str, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        answer = requests.request(method, self.base + name, headers=headers, timeout=30, **more)
        return {"status": answer.status_code, "body": answer.json()}

    def put(self, rkey: str, record: Any) -> Any:
        told = {"repo": self.did, "collection": POSTS, "rkey": rkey, "record": record}
        return self.call("POST", "com.atproto.repo.putRecord", json=told)

    def where(self, rkey: str) -> dict[str, str]:
        return {"repo": self.did, "collection": POSTS, "rkey": rkey}


@pytest.fixture
def both(pds: Pds, simulator: Control) -> tuple[Side, Side]:
    made = pds.create_account(f"side-{secrets.token_hex(4)}", "a-long-password")
    return Side(simulator.url, "finances.test", simulator.person("finances")), Side(
        pds.base_url, made.handle, made.password
    )


def unlike(ours: Any, theirs: Any) -> list[str]:
    """What a client could stumble over, values of errors' words aside."""
    return [line for line in differences(ours, theirs, "") if not any(word in line for word in UNSPOKEN)]


def post(text: str, **more: Any) -> dict[str, Any]:
    return {"$type": POSTS, "text": text, "createdAt": "2026-11-22T09:00:00.000Z", **more}


def test_sessions(both: tuple[Side, Side]) -> None:
    ours, theirs = both
    assert unlike(ours.session, theirs.session) == []
    read = [side.call("GET", "com.atproto.server.getSession") for side in both]
    assert unlike(*read) == []
    renewing = [{"Authorization": f"Bearer {side.session['refreshJwt']}"} for side in both]
    renewed = [
        side.call("POST", "com.atproto.server.refreshSession", headers=headers)
        for side, headers in zip(both, renewing, strict=True)
    ]
    assert unlike(*renewed) == []


def test_records(both: tuple[Side, Side]) -> None:
    ours, theirs = both
    key = "3lbjx2aaaaaaa"
    assert unlike(ours.put(key, post("Un")), theirs.put(key, post("Un"))) == []
    for name, asked in (
        ("com.atproto.repo.getRecord", "where"),
        ("com.atproto.repo.listRecords", ""),
        ("com.atproto.repo.describeRepo", ""),
    ):
        told = [
            side.call("GET", name, params=side.where(key) if asked else {"repo": side.did, "collection": POSTS})
            for side in both
        ]
        assert unlike(*told) == [], name
        assert told[0]["status"] == told[1]["status"] == 200
    found = [side.call("GET", "com.atproto.identity.resolveHandle", params={"handle": side.handle}) for side in both]
    assert unlike(*found) == []
    gone = [side.call("POST", "com.atproto.repo.deleteRecord", json=side.where(key)) for side in both]
    assert unlike(*gone) == []


def test_blobs(both: tuple[Side, Side]) -> None:
    held = [
        side.call("POST", "com.atproto.repo.uploadBlob", data=PNG, headers={"Content-Type": "image/png"})
        for side in both
    ]
    assert unlike(*held) == []
    assert held[0]["body"]["blob"] == held[1]["body"]["blob"], "content ids of files are the real ones"


@pytest.mark.parametrize(
    "wrong",
    ["no record", "no repository", "no handle", "text too long", "too many bytes", "wrong password", "no token"],
)
def test_refusals(both: tuple[Side, Side], wrong: str) -> None:
    def refused(side: Side) -> Any:
        if wrong == "no record":
            return side.call("GET", "com.atproto.repo.getRecord", params=side.where("3lbjx2aaaaaab"))
        if wrong == "no repository":
            asked = {"repo": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "collection": POSTS}
            return side.call("GET", "com.atproto.repo.listRecords", params=asked)
        if wrong == "no handle":
            return side.call("GET", "com.atproto.identity.resolveHandle", params={"handle": "nobody-here.test"})
        if wrong == "wrong password":
            told = {"identifier": side.handle, "password": "wrong"}
            return side.call("POST", "com.atproto.server.createSession", json=told)
        if wrong == "no token":
            answer = requests.get(f"{side.base}com.atproto.server.getSession", timeout=30)
            return {"status": answer.status_code, "body": answer.json()}
        return side.put("3lbjx2aaaaaac", post("é" * 301 if wrong == "text too long" else "👨‍👩‍👧‍👦" * 290))

    ours, theirs = (refused(side) for side in both)
    assert unlike(ours, theirs) == []
    assert (ours["status"], ours["body"]["error"]) == (theirs["status"], theirs["body"]["error"])
