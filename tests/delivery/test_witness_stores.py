"""Where the witness may lie: a file, a Redis, an object store. Each speaks alike, and says when it is away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from delivery.witness import Away, FileWitness, RedisWitness, Seen, Stand, StoreWitness, Witness
from tests.faults.crew import Broker


class Shelf(BaseHTTPRequestHandler):
    """One object that is compared before it is written, as object stores do."""

    body: bytes | None = None
    version = 0

    def do_GET(self) -> None:
        self._require_token()
        if Shelf.body is None:
            self._say(404)
        else:
            self._say(200, Shelf.body)

    def do_PUT(self) -> None:
        self._require_token()
        said = self.rfile.read(int(self.headers["Content-Length"]))
        tag = f'"{Shelf.version}"' if Shelf.body is not None else None
        free = self.headers.get("If-None-Match") == "*" and tag is None
        if not free and (tag is None or self.headers.get("If-Match") != tag):
            self._say(412)
            return
        Shelf.body, Shelf.version = said, Shelf.version + 1
        self._say(200)

    def _require_token(self) -> None:
        assert self.headers["Authorization"] == "Bearer secret"

    def _say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("ETag", f'"{Shelf.version}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        return


@pytest.fixture
def shelf(settings: Settings) -> Iterator[StoreWitness]:
    Shelf.body, Shelf.version = None, 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Shelf) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        settings.EGRESS_ALLOW = frozenset({f"127.0.0.1:{server.server_port}"})
        yield StoreWitness(f"http://127.0.0.1:{server.server_port}/witness", "secret")
        server.shutdown()
        serving.join()


def speaks_as_a_witness(witness: Witness) -> None:
    first, second = Stand(1, "a"), Stand(2, "b")
    assert witness.read() == Seen(None)
    missing = witness.read()
    assert witness.write(first, over=missing)
    assert not witness.write(second, over=missing)
    seen = witness.read()
    assert seen.stand == first
    assert witness.write(second, over=seen)
    assert not witness.write(Stand(2, "c"), over=seen)
    assert witness.read().stand == second


def test_a_file_speaks_as_a_witness(tmp_path: Path) -> None:
    speaks_as_a_witness(FileWitness(tmp_path / "not yet" / "witness"))


def test_an_object_store_speaks_as_a_witness(shelf: StoreWitness) -> None:
    speaks_as_a_witness(shelf)
    with pytest.raises(Away):
        StoreWitness("https://127.0.0.1:1/witness", "secret").read()


def test_a_redis_speaks_as_a_witness_and_is_lost_when_it_forgets(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    broker.start()
    try:
        witness = RedisWitness(broker.url)
        speaks_as_a_witness(witness)
        broker.flush()
        assert witness.read() == Seen(None)
    finally:
        broker.kill()
    with pytest.raises(Away):
        witness.read()


def test_a_file_that_cannot_be_reached_is_away_and_not_lost(tmp_path: Path) -> None:
    (tmp_path / "witness").mkdir()
    with pytest.raises(Away):
        FileWitness(tmp_path / "witness").read()
