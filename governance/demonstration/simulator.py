"""The training network as the demonstration needs it: citizens who speak, organisations with a token."""

from __future__ import annotations

import json
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings


def _key() -> str:
    """What the control port of the training network asks for; it made the key when it started."""
    return Path(settings.SIMULATOR_KEY_FILE).read_text().strip()


def _call(method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    connection = HTTPConnection(urlsplit(settings.SIMULATOR_URL).netloc, timeout=20)
    try:
        headers = {"Content-Type": "application/json", "X-Simulator-Key": _key()}
        connection.request(method, f"/_simulator/{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"The training network refused {path}: {answer.status} {text[:200]}")
    found: dict[str, Any] = json.loads(text)
    return found


def person(handle: str, name: str, *, kind: str = "citizen", language: str = "") -> str:
    """Makes somebody on the square and returns their access token."""
    return str(_call("POST", "people", {"handle": handle, "name": name, "kind": kind, "language": language})["token"])


def agree(url: str, handle: str) -> dict[str, str]:
    """`handle` presses the button on the consent page at `url`; what the network says to the address that it leads back
    to, its `code` and `state`."""
    number = next(one["id"] for one in _call("GET", "people", {}) if one["handle"] == handle)  # type: ignore[index]
    page = urlsplit(url)
    form = urlencode({**dict(parse_qsl(page.query)), "person": number, "decision": "allow"})
    connection = HTTPConnection(page.netloc, timeout=20)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"{page.scheme}://{page.netloc}"}
        connection.request("POST", page.path, form, headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != 303:
        raise RuntimeError(f"The training network did not take {handle}'s consent: {answer.status}")
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def speak(by: str, text: str, *, language: str, at: datetime, **more: Any) -> dict[str, Any]:
    """`by` wrote `text` at `at`, with what `more` hangs at it; the post, with its id and url."""
    return _call("POST", "speak", {"by": by, "text": text, "language": language, "at": at.isoformat(), **more})


def put_up(title: str, text: str) -> None:
    """A notice to the public, on its page and in its feed."""
    _call("POST", "notices", {"title": title, "text": text})


def register(name: str, back: list[str], *, scopes: str) -> dict[str, str]:
    """Registers an app that people may be sent to from, and back to `back`; its `client_id` and `client_secret`."""
    return _call("POST", "apps", {"name": name, "redirect_uris": back, "scopes": scopes})


def set_up(network: str, client_id: str, url: str, secret: str) -> dict[str, str]:
    """Enters `url` as where `network` calls the app, signed with `secret`; the app's own `token` and `number` there."""
    return _call("POST", "endpoints", {"network": network, "client_id": client_id, "url": url, "secret": secret})
