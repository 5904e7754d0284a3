"""The training network as a pytest fixture: one server a test session, forgotten between tests.

Import `simulator_server` and `simulator` into a conftest:

    from tests.simulator.fixture import simulator, simulator_server  # noqa: F401
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from simulator.dialects import real_limits
from simulator.limits import Limits
from simulator.routing import Simulator
from simulator.server import Server
from simulator.store.database import Database

PLENTY = 1_000_000
KEY = "the key of the tests' own square"


def kept_key(folder: Path) -> str:
    """The path of a file that holds the key, as the training network leaves one."""
    (folder / "key").write_text(KEY)
    return str(folder / "key")


class Control:
    """What a test says to a training network at `url`, over its control API."""

    def __init__(self, url: str, server: Server | None = None, *, key: str = KEY) -> None:
        self.url = url
        self.key = {"X-Simulator-Key": key}  # the header that the control API asks for
        self.server = server  # where it runs in this very process
        self.host = urlsplit(url).netloc

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call below `/_simulator/`; an answer that is no success fails the test with its words."""
        connection = HTTPConnection(self.host, timeout=30)
        try:
            content = json.dumps(body) if body is not None else None
            connection.request(method, f"/_simulator/{path}", content, {"Content-Type": "application/json", **self.key})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
        return json.loads(text)

    def person(self, handle: str, name: str = "", *, kind: str = "citizen", language: str = "") -> str:
        """The access token of `handle`, who is made on first use; the same token each time."""
        facts = {"handle": handle, "name": name, "kind": kind, "language": language}
        return str(self.control("POST", "people", facts)["token"])

    def speak(self, by: str, text: str, **more: Any) -> dict[str, Any]:
        """A citizen writes. `reply_to` (post id), `mention` (handle or list), `language`, `visibility`, `at` (ISO),
        `network` (a dialect's key; a reply stays on its parent's)."""
        written: dict[str, Any] = self.control("POST", "speak", {"by": by, "text": text, **more})
        return written

    def speak_many(self, posts: list[dict[str, Any]]) -> list[str]:
        """Thousands of messages at once; each says `by`, `text` and what `speak` takes besides. Their ids, in order.

        `again` beside one makes its network tell of it twice."""
        made: list[str] = self.control("POST", "posts/many", {"posts": posts})["ids"]
        return made

    def edit(self, identifier: str, text: str) -> None:
        """The author writes a post anew."""
        self.control("POST", f"posts/{identifier}", {"text": text})

    def take_away(self, identifier: str) -> None:
        """The author deletes a post."""
        self.control("DELETE", f"posts/{identifier}")

    def token(self, handle: str, scopes: str = "", *, seconds: int | None = None, renewable: bool = False) -> Any:
        """A token as a consent gives it: `token`, `refresh`, `expires_at`, `client_id`, `client_secret`."""
        facts = {"scopes": scopes, "renewable": renewable} | ({"seconds": seconds} if seconds else {})
        return self.control("POST", f"people/{handle}/tokens", facts)

    def app(self, redirect_uri: str, scopes: str, name: str = "Parvis") -> Any:
        """An app registered by hand at a network: its `client_id` and `client_secret`."""
        return self.control("POST", "apps", {"redirect_uris": redirect_uri, "scopes": scopes, "name": name})

    def hook(self, network: str, handle: str, url: str, secret: str) -> None:
        """From now on the network calls `url` about what concerns `handle`, and signs with `secret`."""
        self.control("POST", "hooks", {"network": network, "handle": handle, "url": url, "secret": secret})

    def endpoint(self, network: str, client_id: str, url: str, secret: str) -> Any:
        """The app is called at `url` about the accounts that subscribe: its own `token` and `number` at the network."""
        facts = {"network": network, "client_id": client_id, "url": url, "secret": secret}
        return self.control("POST", "endpoints", facts)

    def unhook(self) -> None:
        """Nobody is called any more."""
        self.control("DELETE", "hooks")

    def told(self) -> list[dict[str, Any]]:
        """The calls that the square made to apps, oldest first, once all of them are made."""
        if self.server:
            self.server.caller.wait()
        found: list[dict[str, Any]] = self.control("GET", "hooks/calls")
        return found

    def posts(
        self, text: str | None = None, *, by: str = "", deleted: bool = False, network: str = ""
    ) -> list[dict[str, Any]]:
        """Posts on the square, oldest first; those with exactly `text` where it is given."""
        asked = {"by": by, "deleted": int(deleted), "network": network} | ({} if text is None else {"text": text})
        found: list[dict[str, Any]] = self.control("GET", f"posts?{urlencode(asked)}")["posts"]
        return found

    def ways(self, **chosen: Any) -> None:
        """Whose server speaks Mastodon's API: `simulator.dialects.mastodon.ways.Ways` tells what may be chosen."""
        self.control("POST", "mastodon", chosen)

    def fault(self, kind: str, match: str = ".", **more: Any) -> int:
        """Turn a fault on; `simulator.faults.Fault` tells what `more` may hold."""
        return int(self.control("POST", "faults", {"kind": kind, "match": match, **more})["id"])

    def faults(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "faults")
        return found

    def heal(self) -> None:
        """Turn all faults off."""
        self.control("DELETE", "faults")

    def journal(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """API calls so far, oldest first; `created` holds the identifier of what a call made."""
        found: list[dict[str, Any]] = self.control("GET", f"journal?{urlencode({'method': method, 'path': path})}")[
            "calls"
        ]
        return found

    def limits(self, **numbers: int) -> None:
        """Rate limits by family (Mastodon's: `api`, `posts`, `media`, `deletes`) or for `all`; by default the real."""
        self.control("POST", "limits", numbers)

    def manners(self, *names: str) -> None:
        """What the networks do from now on as some of their servers do (`simulator.control.MANNERS`)."""
        self.control("POST", "manners", {"names": list(names)})

    @contextmanager
    def late(self, seconds: int) -> Iterator[None]:
        """What is written inside shows only so long after its time, behind what was written meanwhile."""
        self.control("POST", "late", {"seconds": seconds})
        try:
            yield
        finally:
            self.control("POST", "late", {"seconds": 0})

    def revoke(self, handle: str) -> None:
        """Every token of a person stops working."""
        self.control("POST", f"people/{handle}/revoke")

    def reset(self) -> None:
        """Forget everything, and lift the rate limits out of the way."""
        self.control("POST", "reset")
        self.limits(all=PLENTY)


@pytest.fixture(scope="session")
def simulator_server() -> Iterator[Control]:
    """A server on a free port of this process, in memory."""
    db = Database(None)
    server = Server(Simulator(db, Limits(real_limits())), key=KEY)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield Control(server.url, server)
    server.shutdown()
    server.server_close()
    thread.join(10)
    db.close()


@pytest.fixture
def simulator(simulator_server: Control) -> Control:
    """A training network on which nothing has happened yet."""
    simulator_server.reset()
    return simulator_server
