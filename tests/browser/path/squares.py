"""The networks of the main path, as witnesses: what a citizen does there and what everybody can read."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.pds.fixture import Pds
from tests.simulator.fixture import Control


class Square(Protocol):
    network: str
    handle: str
    url: str
    credentials: dict[str, str]
    allow: list[str]

    def texts(self) -> list[str]:
        """All that our account has said there."""

    def citizen_asks(self, question: str) -> None:
        """Somebody mentions our account."""


class TrainingSquare:
    network = "Mastodon"
    handle = "taxhelp"

    def __init__(self, simulator: Control) -> None:
        self._simulator = simulator
        self.url = simulator.url
        self.allow = [simulator.host]
        self.credentials = {"Access token": simulator.person(self.handle, "Tax help", kind="organisation")}

    def texts(self) -> list[str]:
        return [str(post["text"]) for post in self._simulator.posts(by=self.handle)]

    def citizen_asks(self, question: str) -> None:
        self._simulator.speak("nadia", question, mention=self.handle)


class BlueskySquare:
    network = "Bluesky"

    def __init__(self, pds: Pds, password: str) -> None:
        self._pds = pds
        self._us = pds.create_account("taxhelp", password)
        self._citizen = pds.create_account("nadia", password)
        self.handle = self._us.handle
        self.url = pds.base_url
        self.allow = sorted(pds.allow)
        self.credentials = {"Name or e-mail address": self.handle, "App password": password}

    def records(self) -> list[dict[str, Any]]:
        """Straight from the server's public interface, by no client of ours."""
        found = self._pds.get(
            "com.atproto.repo.listRecords", repo=self._us.did, collection="app.bsky.feed.post", limit="100"
        )
        return list(found["records"])

    def texts(self) -> list[str]:
        return [str(record["value"]["text"]) for record in self.records()]

    def record_is_there_once(self, text: str) -> None:
        there = [record for record in self.records() if record["value"]["text"] == text]
        assert len(there) == 1
        assert there[0]["uri"].startswith(f"at://{self._us.did}/app.bsky.feed.post/")
        assert there[0]["value"]["langs"] == ["en"]

    def citizen_asks(self, question: str) -> None:
        name = f"@{self.handle}"
        facet = {
            "index": {"byteStart": 0, "byteEnd": len(name.encode())},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": self._us.did}],
        }
        record = {
            "$type": "app.bsky.feed.post",
            "text": f"{name} {question}",
            "facets": [facet],
            "langs": ["en"],
            "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        asked = {"identifier": self._citizen.handle, "password": self._citizen.password}
        token = self._pds.post("com.atproto.server.createSession", asked)["accessJwt"]
        body = {"repo": self._citizen.did, "collection": "app.bsky.feed.post", "record": record}
        request = urllib.request.Request(
            f"{self.url}/xrpc/com.atproto.repo.createRecord",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        urllib.request.urlopen(request, timeout=30).close()
