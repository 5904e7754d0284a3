"""The calls themselves: LinkedIn's headers, its two tokens, and its way to name what was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from networks import versions
from networks.egress import Egress, Terms
from networks.errors import Rejected

VERSION = versions.linkedin().name
UPLOADS = ("/rest/images", "/rest/videos")


def is_write(method: str, path: str) -> bool:
    """Whatever posts or deletes is public, but for uploads, which nobody sees before a post shows them."""
    return method in ("POST", "DELETE") and path not in UPLOADS


class Rest:
    """One account's calls. `home` is the origin that serves the API."""

    def __init__(self, home: str, credentials: Mapping[str, str], egress: Egress, terms: Terms) -> None:
        self._home = home
        self._session = egress.session(terms)
        writing = credentials.get("access_token") or credentials.get("read_access_token", "")
        self._tokens = {False: credentials.get("read_access_token") or writing, True: writing}

    def get(self, path: str, query: str = "", *, finder: bool = False) -> dict[str, Any]:
        """The JSON object at `path`. `query` is written out, for its brackets and commas mean something."""
        more = {"X-RestLi-Method": "FINDER"} if finder else {}
        return read(self._call("GET", path, query, headers=more))

    def post(self, path: str, body: Mapping[str, Any], query: str = "") -> requests.Response:
        return self._call("POST", path, query, json=body)

    def replace(self, path: str, body: Mapping[str, Any]) -> None:
        self._call("PUT", path, "", json=body)

    def delete(self, path: str, query: str = "") -> None:
        self._call("DELETE", path, query)

    def put(self, url: str, content: bytes, mime: str) -> requests.Response:
        """Bytes to the place that the API named for them, which must be its own."""
        place, home = urlsplit(url), urlsplit(self._home)
        host = place.hostname or ""
        same = (place.scheme, place.netloc) == (home.scheme, home.netloc)
        if not same and not (place.scheme == "https" and (host == "linkedin.com" or host.endswith(".linkedin.com"))):
            raise Rejected("an upload was sent elsewhere")
        return self._session.put(url, data=content, headers={**self._headers(True), "Content-Type": mime})

    def _call(self, method: str, path: str, query: str, **more: Any) -> requests.Response:
        headers = {**self._headers(method != "GET"), **more.pop("headers", {})}
        url = f"{self._home}{path}{'?' if query else ''}{query}"
        return self._session.request(method, url, headers=headers, **more)

    def _headers(self, writing: bool) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._tokens[writing]}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }


def read(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; ValueError where it is none."""
    told = response.json()
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def made(response: requests.Response) -> str:
    """The id of what a call made; ValueError where the answer names none."""
    found = response.headers.get("x-restli-id") or response.headers.get("x-linkedin-id") or ""
    if not found:
        raise ValueError("no id")
    return str(found)
