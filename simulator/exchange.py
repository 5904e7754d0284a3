"""One request and one answer, free of sockets."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl

from simulator.store.grants import Token
from simulator.store.people import Person


@dataclass(frozen=True, slots=True)
class Upload:
    filename: str
    mime: str
    content: bytes


@dataclass
class Request:
    """What a caller asks. `person` and `token` are filled in once the caller is known."""

    method: str
    path: str
    query: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    base_url: str  # as the caller names us, without a slash at the end
    person: Person | None = None
    token: Token | None = None
    lag_ms: int = 0  # lists show nothing younger than this
    key_delay: float = 0.0  # seconds between making a post and remembering its Idempotency-Key
    made: str | None = None  # identifier of what this call created

    @cached_property
    def fields(self) -> dict[str, list[str]]:
        """Query, form, multipart and JSON parameters in one, names without `[]`."""
        found: dict[str, list[str]] = {}
        for name, value in [*parse_qsl(self.query, keep_blank_values=True), *self._body_fields]:
            found.setdefault(name.removesuffix("[]"), []).append(value)
        return found

    @cached_property
    def _body_fields(self) -> list[tuple[str, str]]:
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return [(name, part.decode("utf-8", "replace")) for name, upload, part in self._parts if upload is None]
        if kind.startswith("application/json"):
            return _flat(self.json)
        if not self.body:
            return []
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @cached_property
    def json(self) -> dict[str, object]:
        """The JSON object in the body; empty when there is none."""
        try:
            # Halves of signs, which JSON can spell out, are no text that is kept or answered.
            given = json.loads(self.body or b"{}")
            json.dumps(given, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return {}
        return given if isinstance(given, dict) else {}

    def listed(self, name: str) -> list[object]:
        """The list called `name` in the JSON body; empty where there is none."""
        given = self.json.get(name)
        return given if isinstance(given, list) else []

    @cached_property
    def uploads(self) -> dict[str, Upload]:
        return {name: upload for name, upload, _ in self._parts if upload}

    @cached_property
    def _parts(self) -> list[tuple[str, Upload | None, bytes]]:
        match = re.search(r'boundary="?([^";]+)"?', self.headers.get("content-type", ""))
        if not match:
            return []
        pieces = (b"\r\n" + self.body).split(b"\r\n--" + match[1].encode())
        return [part for piece in pieces[1:-1] if (part := _part(piece))]

    def text(self, name: str, default: str = "") -> str:
        """The last value given for `name`."""
        return self.fields.get(name, [default])[-1]

    def texts(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def number(self, name: str) -> int | None:
        """None where `name` is absent or no whole number."""
        value = self.text(name)
        return int(value) if re.fullmatch(r"-?\d{1,18}", value) else None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "true", "on", "yes"}

    @property
    def bearer(self) -> str:
        """The token of the Authorization header."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def basic(self) -> tuple[str, str]:
        """Name and secret of HTTP basic authentication."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        try:
            name, _, secret = base64.b64decode(value).decode().partition(":")
        except ValueError:
            return "", ""
        return name, secret


def _flat(given: dict[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name, str(int(one) if isinstance(one, bool) else one)) for one in values if one is not None]
    return pairs


def _part(piece: bytes) -> tuple[str, Upload | None, bytes] | None:
    head, found, content = piece.partition(b"\r\n\r\n")
    described = head.decode("utf-8", "replace")
    name = re.search(r'(?i)content-disposition:[^\n]*?[; ]name="([^"]*)"', described)
    if not found or not name:
        return None
    filename = re.search(r'(?i)content-disposition:[^\n]*?filename="([^"]*)"', described)
    mime = re.search(r"(?i)content-type: *([\w/.+\-]+)", described)
    upload = Upload(filename[1], mime[1] if mime else "", content) if filename else None
    return name[1], upload, content


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The call is answered with this status and this JSON, and changed nothing."""

    def __init__(self, status: int, error: str, **more: str) -> None:
        super().__init__(error)
        self.status = status
        self.payload: dict[str, object] = {"error": error, **more}
        self.headers: dict[str, str] = {}

    @classmethod
    def shaped(cls, status: int, payload: dict[str, object], headers: dict[str, str] | None = None) -> Refused:
        """A refusal in the shape of a network that has its own."""
        refusal = cls(status, "")
        refusal.payload = payload
        refusal.headers = headers or {}
        return refusal


JSON_POLICY = "default-src 'none'; frame-ancestors 'none'; form-action 'none'"


def json_answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(
        status,
        body,
        {
            "Content-Type": "application/json; charset=utf-8",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": JSON_POLICY,
            **(headers or {}),
        },
    )


def redirect(address: str) -> Answer:
    """See other: what a form ends with."""
    return Answer(303, b"", {"Location": address, "Cache-Control": "no-store"})
