"""Signed-in clients. Signing in is scarce (30 in five minutes), so a session lives on in this process's memory."""

from __future__ import annotations

import hashlib
import threading
import time
from typing import Any

from atproto_client import Client, Session
from atproto_client.request import Request, Response

from networks.egress import Egress, Terms
from networks.errors import AuthExpired
from networks.types import AccountRef

RENEW_BEFORE = 15 * 60  # seconds; the library's own margin


class SessionStore:
    """Session strings by account and password, never written anywhere. Safe to share across threads."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}
        self._doors: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def door(self, key: str) -> threading.Lock:
        """Held while signing in, so that ten waiting threads sign in once."""
        with self._lock:
            return self._doors.setdefault(key, threading.Lock())

    def get(self, key: str) -> str:
        with self._lock:
            return self._kept.get(key, "")

    def keep(self, key: str, session: str) -> None:
        with self._lock:
            self._kept[key] = session

    def forget(self, key: str) -> None:
        with self._lock:
            self._kept.pop(key, None)


SESSIONS = SessionStore()


class BytesRequest(Request):
    """The library hands raw bytes to httpx in a way that httpx is about to drop."""

    def post(self, *args: Any, **kwargs: Any) -> Response:
        if isinstance(kwargs.get("data"), bytes):
            kwargs["content"] = kwargs.pop("data")
        return super().post(*args, **kwargs)


class SignIn:
    """How one account gets a client: a kept session where there is one, else identifier and app password."""

    def __init__(self, account: AccountRef, egress: Egress, terms: Terms, store: SessionStore = SESSIONS) -> None:
        self._account = account
        self._egress = egress
        self._terms = terms
        self._store = store
        secret = account.credentials.get("app_password", "")
        identifier = account.credentials.get("identifier", "")
        # The password is part of the key: a changed one does not go on under the old one's session.
        parts = "\0".join((account.base_url, identifier, secret))
        self._key = hashlib.sha256(parts.encode()).hexdigest()
        self.did = account.remote_id

    def has_session(self) -> bool:
        return bool(self._store.get(self._key))

    def client(self) -> Client:
        """A client that is signed in, with the session's own server as its base."""
        client = self._blank()
        client.on_session_change(self._remember)
        with self._store.door(self._key):
            kept = self._store.get(self._key)
            if kept:
                client.login(session_string=kept, fetch_bsky_profile=False)
                if _soon_over(kept):  # renewed in here, so that ten waiting threads renew it once
                    client.com.atproto.server.get_session()
            else:
                self._enter(client)
        self._check_owner(Session.decode(client.export_session_string()).did)
        return client

    def _enter(self, client: Client) -> None:
        identifier, secret = (self._account.credentials.get(name, "") for name in ("identifier", "app_password"))
        if not identifier or not secret:
            raise AuthExpired("no credentials")
        client.login(identifier, secret, fetch_bsky_profile=False)

    def _check_owner(self, did: str) -> None:
        """Never act as somebody else: a handle may have moved to another account since this one was connected."""
        if self._account.remote_id not in ("", did):
            raise AuthExpired("these credentials belong to another account")
        self.did = did

    def forget(self) -> None:
        """The kept session is no longer accepted."""
        self._store.forget(self._key)

    def _blank(self) -> Client:
        # Nothing from the environment: a proxy named there would be mounted past the guard.
        request = BytesRequest(transport=self._egress.transport(self._terms), trust_env=False)
        return Client(self._account.base_url, request=request)

    def _remember(self, _event: Any, session: Session) -> None:
        self._store.keep(self._key, session.encode())


def _soon_over(session: str) -> bool:
    """Whether the library would renew the session before its next call."""
    over = Session.decode(session).access_jwt_payload.exp
    return over is None or over - time.time() < RENEW_BEFORE
