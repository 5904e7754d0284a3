"""The witness: a small record outside the database, which says how far the one database that may send has come.

`PARVIS_WITNESS` names where it lies: file:///…, redis://…, or https://… for an object store that compares when it is
written (ETag with If-Match), with PARVIS_WITNESS_TOKEN as its bearer token. See docs/adr/0009-witness.md.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import redis
from django.conf import settings

from networks.egress import Answer, Egress, Terms
from networks.errors import NetworkError, Unavailable

KEY = "parvis:witness"
PATIENCE = 3.0  # seconds for one look or one move
GARBLED = -1


class Away(Exception):
    """The witness cannot be asked now. Nothing is known against this database, and nothing for it."""


@dataclass(frozen=True)
class Stand:
    """The number of an act and its random token, which only the database that counted it can know."""

    number: int
    token: str


@dataclass(frozen=True)
class Counted:
    """An act that this database has counted: where the witness is to stand, and where it stands if nobody hurried."""

    stand: Stand
    before: Stand


@dataclass(frozen=True)
class Seen:
    """What the witness said: None where it does not exist. `tag` is what the store compares before it is written."""

    stand: Stand | None
    tag: str = ""


class Witness(Protocol):
    def read(self) -> Seen: ...

    def write(self, stand: Stand, *, over: Seen) -> bool:
        """Moves on from what was seen; False where somebody has moved it meanwhile."""
        ...


def the_witness() -> Witness:
    """The one of the settings."""
    where = urlsplit(settings.WITNESS)
    if where.scheme == "file":
        return FileWitness(Path(unquote(where.path)))
    if where.scheme in ("redis", "rediss"):
        return RedisWitness(settings.WITNESS)
    return StoreWitness(settings.WITNESS, settings.WITNESS_TOKEN)


def _text(stand: Stand) -> str:
    return json.dumps({"number": stand.number, "token": stand.token})


def _seen(text: str, tag: str = "") -> Seen:
    """What cannot be read is a stand that no database knows."""
    try:
        found = json.loads(text)
        stand = Stand(int(found["number"]), str(found["token"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        stand = Stand(GARBLED, "")
    return Seen(stand, tag or text)


@dataclass(frozen=True)
class FileWitness:
    """On a disk that all processes share, and that no backup of the database holds. Moved whole and flushed to it."""

    file: Path

    def read(self) -> Seen:
        try:
            return _seen(self.file.read_text())
        except FileNotFoundError:
            return Seen(None)
        except (OSError, UnicodeDecodeError) as error:
            raise Away(str(error)) from error

    def write(self, stand: Stand, *, over: Seen) -> bool:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.with_name(f"{self.file.name}.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.read() != over:
                    return False
                self._replace(_text(stand))
        except OSError as error:
            raise Away(str(error)) from error
        return True

    def _replace(self, text: str) -> None:
        rough = self.file.with_name(f"{self.file.name}.new")
        with rough.open("w") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        rough.replace(self.file)
        folder = os.open(self.file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True)
class RedisWitness:
    """In a Redis that keeps what it is told (appendonly), never in one that may forget."""

    url: str

    def read(self) -> Seen:
        with self._client() as client:
            try:
                return self._read_state(client.get(KEY))
            except redis.RedisError as error:
                raise Away(type(error).__name__) from error

    def write(self, stand: Stand, *, over: Seen) -> bool:
        with self._client() as client, client.pipeline() as pipe:
            try:
                pipe.watch(KEY)
                if self._read_state(pipe.get(KEY)) != over:
                    return False
                pipe.multi()
                pipe.set(KEY, _text(stand))
                pipe.execute()
            except redis.WatchError:
                return False
            except redis.RedisError as error:
                raise Away(type(error).__name__) from error
        return True

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(
            self.url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
        )

    @staticmethod
    def _read_state(text: object) -> Seen:
        return Seen(None) if text is None else _seen(str(text))


@dataclass(frozen=True)
class StoreWitness:
    """An object at an https address: GET, and PUT under If-Match, or If-None-Match where there is none yet."""

    url: str
    token: str

    def read(self) -> Seen:
        response = self._call("GET")
        if response.status == 404:
            return Seen(None)
        if response.status != 200 or not response.header("etag"):
            raise Away(f"HTTP {response.status}, without an ETag that could be compared")
        return _seen(response.body.decode(errors="replace"), response.header("etag"))

    def write(self, stand: Stand, *, over: Seen) -> bool:
        condition = ("If-Match", over.tag) if over.stand else ("If-None-Match", "*")
        response = self._call("PUT", _text(stand), condition)
        if response.status in (409, 412):
            return False
        if response.status not in (200, 201, 204):
            raise Away(f"HTTP {response.status}")
        return True

    def _call(self, method: str, text: str = "", *more: tuple[str, str]) -> Answer:
        headers = [("Authorization", f"Bearer {self.token}"), ("Content-Type", "application/json"), *more]
        egress = Egress(allow=frozenset(settings.EGRESS_ALLOW), timeout=PATIENCE)
        try:
            return egress.call(Terms(_writes, _judge), method, self.url, headers, text.encode())
        except NetworkError as error:
            raise Away(error.code) from error


def _writes(method: str, path: str) -> bool:
    return method == "PUT"


def _judge(response: Answer, write: bool) -> NetworkError | None:
    return Unavailable(f"HTTP {response.status}") if response.status >= 500 else None
