"""Google's client over our egress. It takes an object that is called like httplib2's `Http`; this is that object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httplib2
import requests
from googleapiclient.discovery import build

from networks.errors import AuthExpired, EgressRefused
from networks.youtube.answers import UPLOADS

# Where the description of the API says that it lives, and where its answers may say that an upload goes on: all of it
# is served by the one origin that the account's own address decides.
GOOGLES_OWN = ("youtube.googleapis.com", "www.googleapis.com")
READING = ("GET", "HEAD")


class Wire:
    """Every call goes to `origin`, whatever address the library made, with the token for reading or for writing.

    `session()` gives the egress session, made late because its terms ask this object what a write is.
    """

    def __init__(self, origin: str, session: Callable[[], requests.Session], *, reading: str, writing: str) -> None:
        self._origin = origin.rstrip("/")
        self._session = session
        self._reading = reading
        self._writing = writing
        self._completes = True

    def is_write(self, method: str, path: str) -> bool:
        """Opening an upload and sending its pieces shows nobody anything: the last piece makes the video."""
        if method in READING:
            return False
        if path.startswith(UPLOADS) and path.endswith("/videos"):
            return method == "PUT" and self._completes
        return True

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[httplib2.Response, bytes]:
        """One call; the answer has been judged, so that it is good. Follows nothing, repeats nothing."""
        parts = urlsplit(uri)
        # The library writes "https" before every address of an upload, so the host alone tells.
        if parts.netloc not in (urlsplit(self._origin).netloc, *GOOGLES_OWN):
            raise EgressRefused("led to another host")
        token = self._reading if method in READING else self._writing
        if not token:
            raise AuthExpired("no credentials")
        given = dict(headers or {})
        self._completes = _completes(given)
        content = body.read() if hasattr(body, "read") else body
        answer = self._session().request(
            method,
            self._origin + parts.path + (f"?{parts.query}" if parts.query else ""),
            data=content.encode() if isinstance(content, str) else content,
            headers={**given, "Authorization": f"Bearer {token}"},
        )
        told = {name.lower(): value for name, value in answer.headers.items()}
        return httplib2.Response({**told, "status": str(answer.status_code)}), answer.content

    def close(self) -> None:
        """Nothing is kept open."""


def _completes(headers: Mapping[str, str]) -> bool:
    """Whether a piece of an upload is its last: `Content-Range: bytes 0-99/100`."""
    span, _, total = headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
    return not total or span.rpartition("-")[2] == str(int(total) - 1)


def youtube(wire: Wire, origin: str) -> Any:
    """The library's YouTube, from the description in its own package: nothing is asked of the network for it."""
    return build(
        "youtube",
        "v3",
        http=wire,
        static_discovery=True,
        cache_discovery=False,
        num_retries=0,
        # All that the library would otherwise take from the environment.
        client_options={"api_endpoint": f"{origin.rstrip('/')}/", "universe_domain": "googleapis.com"},
    )
