"""Names of the AT Protocol: DIDs, handles, record keys and content ids, made from the square's own numbers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re

ENDING = ".test"  # of every handle on the square
POSTS = "app.bsky.feed.post"
PROFILE = "app.bsky.actor.profile"
TID = "234567abcdefghijklmnopqrstuvwxyz"
RKEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}")
DAG_CBOR, RAW = 0x71, 0x55


def did(person_id: int) -> str:
    """`did:plc:` and 24 signs, as the real ones have."""
    return f"did:plc:{base64.b32encode(person_id.to_bytes(15, 'big')).decode().lower()}"


def person_of(text: str) -> int:
    """0, which is nobody's, for what is no DID of ours."""
    try:
        number = int.from_bytes(base64.b32decode(text.removeprefix("did:plc:").upper()), "big")
    except (ValueError, binascii.Error):
        return 0
    return number if number < 2**63 and did(number) == text else 0


def handle(name: str) -> str:
    """A host name, which takes no underscore."""
    return f"{name.lower().replace('_', '-')}{ENDING}"


def name_of(text: str) -> str:
    return text.lower().removeprefix("@").removesuffix(ENDING).replace("-", "_")


def key_of(post_id: int) -> str:
    """The record key of what somebody wrote on the square itself: 13 signs that sort by time."""
    return "".join(TID[(post_id >> shift) & 31] for shift in range(60, -1, -5))


def post_of(key: str) -> int:
    if len(key) != 13 or set(key) - set(TID):
        return 0
    number = 0
    for sign in key:
        number = number << 5 | TID.index(sign)
    return number if number < 2**63 else 0


def uri(person_id: int, key: str, collection: str = POSTS) -> str:
    return f"at://{did(person_id)}/{collection}/{key}"


def parts(text: str) -> tuple[str, str, str]:
    """Whose, which collection and which record; empty where `text` is no at:// address."""
    found = re.fullmatch(r"at://([^/]+)/([^/]+)/([^/]+)", text)
    return (found[1], found[2], found[3]) if found else ("", "", "")


def content_id(value: object) -> str:
    """A CID (version 1, SHA-256) that is the same for the same record. Of its JSON, where the real one is of CBOR."""
    return _cid(DAG_CBOR, json.dumps(value, sort_keys=True, ensure_ascii=False).encode())


def blob_id(content: bytes) -> str:
    return _cid(RAW, content)


def _cid(codec: int, content: bytes) -> str:
    raw = bytes((1, codec, 0x12, 32)) + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()
