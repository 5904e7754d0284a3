"""Google's own description as the judge of what is asked of YouTube and read from it.

It is the discovery document in Google's client library, of the day on which that was made.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import googleapiclient
import pytest
from googleapiclient.http import HttpRequest

from tests.networks.oracle import perform, watched
from tests.networks.squares.youtube import square as made_square
from tests.simulator.fixture import Control

PLACE = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "youtube.v3.json"
JSON_PART = re.compile(r"\r?\n\r?\n(\{.*?\})\r?\n?--", re.DOTALL)
OF_UPLOADS = {"uploadType"}  # how the description itself says that files are sent: `mediaUpload.protocols`

Asked = tuple[str, dict[str, str], Any]


@cache
def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PLACE.read_text())
    return found


def method(name: str) -> dict[str, Any]:
    _, resource, verb = name.split(".")
    found: dict[str, Any] = described()["resources"][resource]["methods"][verb]
    return found


def field(kind: str, name: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = described()["schemas"][kind]["properties"].get(name)
    return found


def inside(kind: str, name: str) -> str | None:
    told = field(kind, name) or {}
    return told.get("$ref") or told.get("items", {}).get("$ref")


class Heard:
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.read: set[tuple[str, str]] = set()

    def note(self, request: HttpRequest) -> None:
        body = request.body.decode(errors="replace") if isinstance(request.body, bytes) else request.body or ""
        part = JSON_PART.search(body)
        written = json.loads(part[1] if part else body) if part or body.startswith("{") else None
        self.asked.append((request.methodId, dict(parse_qsl(urlsplit(request.uri).query)), written))

    def watch(self, request: HttpRequest, told: Any) -> Any:
        return watched(told, method(request.methodId).get("response", {}).get("$ref"), inside, self.read)


@pytest.fixture
def heard(simulator: Control, monkeypatch: pytest.MonkeyPatch) -> Heard:
    made, execute, piece = Heard(), HttpRequest.execute, HttpRequest.next_chunk

    def executed(request: HttpRequest, *given: Any, **more: Any) -> Any:
        made.note(request)
        return made.watch(request, execute(request, *given, **more))

    def sent(request: HttpRequest, *given: Any, **more: Any) -> Any:
        made.note(request)
        progress, told = piece(request, *given, **more)
        return progress, made.watch(request, told)

    monkeypatch.setattr(HttpRequest, "execute", executed)
    monkeypatch.setattr(HttpRequest, "next_chunk", sent)
    perform(made_square(simulator))
    return made


def strange(written: Any, kind: str) -> list[str]:
    """Names in what is sent that the description has not, or no longer wants."""
    found = []
    for name, value in written.items():
        told = field(kind, name)
        if told is None or told.get("deprecated"):
            found.append(f"{kind}.{name}")
        elif isinstance(value, dict):
            found += strange(value, str(inside(kind, name)))
        elif "enum" in told and value not in told["enum"]:
            found.append(f"{kind}.{name}={value}")
    return found


@pytest.mark.longer
def test_every_call_parameter_and_part_is_in_the_description(heard: Heard) -> None:
    assert {name for name, _, _ in heard.asked} >= {
        "youtube.captions.insert",
        "youtube.captions.list",
        "youtube.channels.list",
        "youtube.commentThreads.list",
        "youtube.comments.insert",
        "youtube.comments.list",
        "youtube.playlistItems.list",
        "youtube.search.list",
        "youtube.videos.delete",
        "youtube.videos.insert",
        "youtube.videos.list",
    }
    for name, parameters, written in heard.asked:
        call = method(name)
        assert not call.get("deprecated"), name
        known = {**described()["parameters"], **call.get("parameters", {})}
        for parameter, value in parameters.items():
            if parameter in OF_UPLOADS and "mediaUpload" in call:
                continue
            assert parameter in known, f"{name}: {parameter}"
            told = known[parameter]
            assert not told.get("deprecated"), f"{name}: {parameter}"
            assert "enum" not in told or value in told["enum"], f"{name}: {parameter}={value}"
            assert "maximum" not in told or int(value) <= int(told["maximum"]), f"{name}: {parameter}={value}"
        resource = call.get("response", {}).get("$ref", "")
        resource = inside(resource, "items") or resource if resource.endswith("Response") else resource
        for part in filter(None, parameters.get("part", "").split(",")):
            assert field(resource, part), f"{name}: part {part} of {resource}"
        if written is not None:
            assert strange(written, call["request"]["$ref"]) == []


def test_every_field_that_is_read_is_in_the_description(heard: Heard) -> None:
    told = {f"{kind}.{name}": field(kind, name) for kind, name in heard.read}
    assert sorted(name for name, found in told.items() if found is None or found.get("deprecated")) == []
    assert set(told) >= {
        "Channel.id",
        "ChannelStatistics.subscriberCount",
        "CommentSnippet.authorChannelId",
        "CommentSnippet.parentId",
        "CommentThread.replies",
        "CommentThreadSnippet.totalReplyCount",
        "PlaylistItemSnippet.resourceId",
        "SearchResult.id",
        "Video.id",
        "VideoStatistics.likeCount",
        "VideoStatus.privacyStatus",
    }
