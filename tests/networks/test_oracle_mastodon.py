"""The definitions in Mastodon.py as the judge of what is asked of Mastodon and read from it.

They are kept by hand after Mastodon's own documentation, and older than any server that will be met.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest
from mastodon import Mastodon, return_types
from mastodon.types_base import AttribAccessDict

from networks.mastodon import connector as connecting
from networks.mastodon import instance
from networks.mastodon.connector import MastodonConnector
from simulator import server
from simulator.exchange import Answer, Request
from tests.networks.oracle import perform, watched
from tests.networks.squares.mastodon import square as made_square
from tests.networks.squares.square import picture
from tests.simulator.fixture import Control

CALL = re.compile(r"__api_request\(\s*['\"](\w+)['\"],\s*f?(['\"])(/.*?)\2")
# Asked without the library: what Mastodon has since 4.3, and the library has for its grouped notifications alone.
BESIDE = {("GET", "/api/v1/notifications", "include_filtered")}
# What it says of a mention that it kept out of the ordinary list, to whoever asks with `include_filtered`.
# A film's measures stand where a picture's do, of which the library makes its first guess.
UNKNOWN = {"Notification.filtered", "MediaAttachmentImageMetadata.duration"}
OVER = "THIS FIELD IS DEPRECATED"
Kind = type[AttribAccessDict]


@cache
def described() -> list[tuple[str, re.Pattern[str], set[str]]]:
    """Each call of the library: its method, its path, and the names of its parameters."""
    found = []
    for _, call in inspect.getmembers(Mastodon, inspect.isfunction):
        code = inspect.getsource(call)
        for verb, _quote, path in CALL.findall(code):
            place = re.sub(r"\\\{[^/]+\\\}|\{[^/]+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))
            names = set(inspect.signature(inspect.unwrap(call)).parameters) | set(re.findall(r"['\"](\w+)['\"]", code))
            found.append((verb, re.compile(place.rstrip("/")), names))
    return found


@cache
def hints(kind: Kind) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@cache
def on_the_wire(kind: Kind) -> set[str]:
    renamed = getattr(kind, "_rename_map", {})
    return {renamed.get(name, name) for name in hints(kind)}


def kinds_in(hint: Any) -> list[Kind]:
    if isinstance(hint, type) and issubclass(hint, AttribAccessDict):
        return [hint]
    return [kind for part in typing.get_args(hint) for kind in kinds_in(part)]


def inside(kind: Kind, name: str) -> Kind | None:
    return next(iter(kinds_in(hints(kind).get(name))), None)


@cache
def source(kind: Kind) -> str:
    return inspect.getsource(kind)


def is_over(kind: Kind, name: str) -> bool:
    told = re.search(rf'^    {name}: .*?\n    """(.*?)"""', source(kind), re.MULTILINE | re.DOTALL)
    return OVER in told[1] if told else False


class Heard:
    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.read: set[tuple[Kind, str]] = set()

    def watching(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)  # the library takes the kind of an answer from what the call says that it returns
        def watching(*given: Any, **more: Any) -> Any:
            return self.watch(call(*given, **more))

        return watching

    def watch(self, told: Any, kind: Kind | None = None) -> Any:
        if isinstance(told, list):
            return [self.watch(one, kind) for one in told]
        kind = kind or (type(told) if isinstance(told, AttribAccessDict) else None)
        return watched(told, kind, inside, self.read)


@pytest.fixture
def heard(simulator: Control, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Heard:
    made, honest = Heard(), server.answer_to
    notes, read_json = connecting.notifications, instance.read_json

    def listen(place: Any, request: Request) -> Answer:
        told = honest(place, request)
        if request.path.startswith("/api/") and told.status < 300:
            made.asked.append(request)
        return told

    def read(answer: Any) -> Any:
        told = read_json(answer)
        return made.watch(told, return_types.InstanceV2) if answer.url.endswith(instance.PATH) else told

    monkeypatch.setattr(server, "answer_to", listen)
    monkeypatch.setattr(instance, "read_json", read)
    square = made_square(simulator)
    for name, call in inspect.getmembers(Mastodon, inspect.isfunction):
        if not name.startswith("_"):
            monkeypatch.setattr(Mastodon, name, made.watching(call))
    monkeypatch.setattr(
        connecting, "notifications", lambda *given: made.watch(notes(*given), return_types.Notification)
    )
    made.asked.clear()
    perform(square, media=(picture(tmp_path, "Un carré"),))
    assert isinstance(square.service, MastodonConnector)
    instance.read_facts(simulator.url, square.service._egress)
    return made


@pytest.mark.longer
def test_every_call_and_every_parameter_is_in_the_library(heard: Heard) -> None:
    assert {(one.method, re.sub(r"\d{3,}", "ID", one.path)) for one in heard.asked} >= {
        ("GET", "/api/v1/accounts/verify_credentials"),
        ("GET", "/api/v1/notifications"),
        ("GET", "/api/v1/statuses/ID"),
        ("GET", "/api/v1/statuses/ID/context"),
        ("GET", "/api/v2/instance"),
        ("GET", "/api/v2/search"),
        ("POST", "/api/v1/statuses"),
        ("POST", "/api/v2/media"),
        ("DELETE", "/api/v1/statuses/ID"),
    }
    for asked in heard.asked:
        known = [
            names
            for verb, place, names in described()
            if verb == asked.method and place.fullmatch(asked.path.rstrip("/"))
        ]
        assert known, f"{asked.method} {asked.path}"
        names = {name for name in asked.fields if (asked.method, asked.path, name) not in BESIDE}
        assert names - set().union(*known) == set(), f"{asked.method} {asked.path}"


def test_every_field_that_is_read_is_in_the_library(heard: Heard) -> None:
    assert {f"{kind.__name__}.{name}" for kind, name in heard.read if name not in on_the_wire(kind)} == UNKNOWN
    assert {f"{kind.__name__}.{name}" for kind, name in heard.read if is_over(kind, name)} == set()
    assert {f"{kind.__name__}.{name}" for kind, name in heard.read} >= {
        "Account.acct",
        "Context.descendants",
        "InstanceConfigurationV2.statuses",
        "InstanceStatusConfiguration.max_characters",
        "MediaAttachment.description",
        "Notification.status",
        "Status.in_reply_to_account_id",
        "Status.spoiler_text",
        "Status.visibility",
        "StatusMention.id",
    }
