"""A connector over a scripted server, as one kind of thing, so that one test speaks about every network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from networks.egress import Egress
from networks.port import Connector
from networks.types import AttemptKey, Draft, Media
from tests.networks.loopback import Loopback, Reply, Script, answer

CANARY = "canary-secret-2f6b1c"
DRAFT = Draft(text="Bonjour", language="fr")

Call = tuple[str, str]


def simplest(_folder: Path) -> Draft:
    return DRAFT


def pictured(folder: Path) -> Draft:
    picture = folder / "p.png"
    picture.write_bytes(b"\x89PNG")
    return Draft(text="Bonjour", language="fr", media=(Media(picture, "image/png", "Un point"),))


@dataclass(frozen=True)
class Subject:
    """A network seen from a test: its connector, the calls that publish, read and upload, and good answers for them.

    `make(base_url, egress)` is a connector whose every secret is, or holds, `CANARY`. `words(text)` is the body of a
    refusal in the network's own shape. `draft(folder)` is the simplest message that the network takes,
    `picture(folder)` one with something to upload; a network that fetches files itself has no `upload`.
    """

    network: str
    make: Callable[[str, Egress], Connector]
    write: Call
    read: Call
    upload: Call | None
    good: Mapping[Call, Reply]
    words: Callable[[str], Any] = lambda text: {"error": "NetworkWords", "message": text}
    draft: Callable[[Path], Draft] = simplest
    picture: Callable[[Path], Draft] = pictured

    def connector(self, server: Loopback, *, timeout: float = 5.0, max_bytes: int = 1_000_000) -> Connector:
        return self.make(server.url, Egress(allow=server.allow, timeout=timeout, max_bytes=max_bytes))

    def script(self, special: Mapping[Call, Reply]) -> Script:
        """Good answers, but for the calls in `special`."""
        good = {**self.good, **special}
        return lambda asked: good.get((asked.method, asked.path), answer({"error": "unexpected"}, 404))

    def writes(self, server: Loopback) -> int:
        return server.count(*self.write)


def attempt(key: str = "a1b2c3") -> AttemptKey:
    return AttemptKey(key, datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
