"""A network that takes its time: every message is accepted after so long, however many come at once.

`python -m benchmarks.network PORT SECONDS` speaks as much of Mastodon's API as a send asks for. `GET /told` says how
many messages came, how many different ones, how many calls stood open at once at most, and how long one took.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from typing import Any

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
KEY = re.compile(rb"idempotency-key: *(\S+)", re.IGNORECASE)


class Told:
    """What happened so far."""

    def __init__(self) -> None:
        self.keys: set[bytes] = set()
        self.posts = self.open = self.most = 0
        self.took = 0.0

    def as_json(self) -> dict[str, Any]:
        mean = self.took / self.posts if self.posts else 0.0
        return {"posts": self.posts, "different": len(self.keys), "most": self.most, "seconds": mean}


class Call(asyncio.Protocol):
    """One call a connection, as Parvis makes them."""

    def __init__(self, told: Told, base: str, seconds: float) -> None:
        self.told, self.base, self.seconds = told, base, seconds
        self.data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        head, ended, body = self.data.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not ended or len(body) < int(length.group(1) if length else 0):
            return
        if head.startswith(b"POST /api/v1/statuses "):
            self.told.open += 1
            self.told.most = max(self.told.most, self.told.open)
            asyncio.get_running_loop().call_later(self.seconds, self._accept, head, time.monotonic())
        elif head.startswith(b"GET /told "):
            self._answer("200 OK", self.told.as_json())
        else:
            self._answer("404 Not Found", {"error": "Record not found"})

    def _accept(self, head: bytes, began: float) -> None:
        self.told.open -= 1
        self.told.posts += 1
        self.told.took += time.monotonic() - began
        key = KEY.search(head)
        self.told.keys.add(key.group(1) if key else b"")
        self._answer("200 OK", status(self.base, self.told.posts))

    def _answer(self, line: str, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        head = f"HTTP/1.1 {line}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        self.transport.close()


def status(base: str, number: int) -> dict[str, Any]:
    """As long as a Mastodon's usually is."""
    author = {
        "id": "109", "username": "fin", "acct": "fin", "display_name": "Finances", "locked": False, "bot": False,
        "created_at": "2026-01-05T00:00:00.000Z", "note": "<p>Taxes, told simply.</p>", "url": f"{base}/@fin",
        "avatar": f"{base}/avatars/fin.png", "header": f"{base}/headers/fin.png", "followers_count": 5120,
        "following_count": 40, "statuses_count": number, "last_status_at": "2026-11-29", "emojis": [], "fields": [],
    }  # fmt: skip
    return {
        "id": str(number), "created_at": "2026-11-29T09:00:00.000Z", "in_reply_to_id": None, "sensitive": False,
        "in_reply_to_account_id": None, "spoiler_text": "", "visibility": "public", "language": "fr",
        "uri": f"{base}/users/fin/statuses/{number}", "url": f"{base}/@fin/{number}", "replies_count": 0,
        "reblogs_count": 0, "favourites_count": 0, "content": "<p>What changes for you this month.</p>",
        "reblog": None, "account": author, "media_attachments": [], "mentions": [], "tags": [], "emojis": [],
        "card": None, "poll": None, "favourited": False, "reblogged": False, "muted": False, "bookmarked": False,
    }  # fmt: skip


async def serve(port: int, seconds: float) -> None:
    told, base = Told(), f"http://127.0.0.1:{port}"
    server = await asyncio.get_running_loop().create_server(
        lambda: Call(told, base, seconds), "127.0.0.1", port, backlog=512
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
