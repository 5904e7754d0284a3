"""Signed-in clients. Signing in is scarce (30 in five minutes), so a session lives on in this process's memory."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from atproto_client import Client, Session
from atproto_client.client.session import get_session_pds_endpoint
from atproto_client.request import Request, Response

from networks.answers import read_json
from networks.egress import Egress, Terms
from networks.errors import AuthExpired, EgressRefused, Unavailable
from networks.types import AccountRef

DIRECTORY = "https://plc.directory"
WEB = "did:web:"
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


class PinnedClient(Client):
    """Goes where the account's own server leads only if the directory of DIDs says the same.

    A server answers a sign-in with the host of the account's data, and every call after it, with the session's token,
    goes there: a server that lies could send the token anywhere.
    """

    def __init__(self, base_url: str, *, request: Request, place_of: Callable[[str], str]) -> None:
        super().__init__(base_url, request=request)
        self._home = _origin(base_url)
        self._place_of = place_of

    def _set_session_common(self, session: Any, current_pds: str) -> Session:
        told = _origin(get_session_pds_endpoint(session) or current_pds)
        if told != self._home and told != self._place_of(str(session.did)):
            raise EgressRefused("the server leads to a host that the directory does not know")
        return super()._set_session_common(session, current_pds)


class SignIn:
    """How one account gets a client: a kept session where there is one, else identifier and app password."""

    def __init__(
        self,
        account: AccountRef,
        egress: Egress,
        terms: Terms,
        store: SessionStore = SESSIONS,
        directory: str = DIRECTORY,
    ) -> None:
        self._account = account
        self._directory = directory
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
        return PinnedClient(self._account.base_url, request=request, place_of=self._place_of)

    def _place_of(self, did: str) -> str:
        """The origin that serves the data of `did` by its own public document, for the approved account alone.

        Empty where the document names none. Read without credentials, and never from the account's server.
        """
        if self._account.remote_id not in ("", did):
            raise AuthExpired("these credentials belong to another account")
        answer = self._egress.get(document_address(did, self._directory), {"Accept": "application/json"})
        told = read_json(answer)
        if answer.status != 200 or not isinstance(told, dict) or told.get("id") != did:
            raise Unavailable("the directory does not tell where the account is")
        services = [one for one in told.get("service") or () if isinstance(one, dict)]
        found = (one for one in services if str(one.get("id")).removeprefix(did) == "#atproto_pds")
        return _origin(next((str(one.get("serviceEndpoint") or "") for one in found), ""))

    def _remember(self, _event: Any, session: Session) -> None:
        self._store.keep(self._key, session.encode())


def document_address(did: str, directory: str) -> str:
    """Where the public document of `did` is: in the directory, or on the host that the DID itself names."""
    if did.startswith(WEB):
        return f"https://{unquote(did.removeprefix(WEB))}/.well-known/did.json"
    return f"{directory}/{quote(did, safe=':')}"


def _origin(url: str) -> str:
    parts = urlsplit(url.strip())
    return f"{parts.scheme}://{parts.netloc}".casefold() if parts.netloc else ""


def _soon_over(session: str) -> bool:
    """Whether the library would renew the session before its next call."""
    over = Session.decode(session).access_jwt_payload.exp
    return over is None or over - time.time() < RENEW_BEFORE
