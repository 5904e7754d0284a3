"""Our answers beside recorded ones of a real Mastodon 4.6: the same fields, each of the same type."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from mastodon import Mastodon

from tests.simulator.fixture import Control
from tests.simulator.test_statuses import png

# Fields of the 4.6 server that a client of a public service has no use for, or that hold what we do not compute.
UNSPOKEN = {"metadata.userinfo_endpoint"}


@pytest.fixture(scope="module")
def recorded(recorded_data: Path) -> Callable[[str, int], Any]:
    """`recorded("test_search", 0)`: the JSON of one answer of a recording."""

    def read(name: str, place: int) -> Any:
        path = recorded_data / "recorded" / "mastodon" / f"{name}.yaml"
        body = yaml.safe_load(path.read_text())["interactions"][place]["response"]["body"]["string"]
        return json.loads(body)

    return read


def shape(value: Any, path: str) -> dict[str, str]:
    """Every field's path and type; of a list, its first item."""
    if isinstance(value, dict):
        found = {path: "object"}
        for key, inner in value.items():
            found |= shape(inner, f"{path}.{key}")
        return found
    if isinstance(value, list):
        return {path: "list"} | (shape(value[0], f"{path}[]") if value else {})
    kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    return {path: kind}


def differences(ours: Any, theirs: Any, name: str) -> list[str]:
    """What a client could stumble over. A null on either side leaves the type open; an empty list, its items."""
    mine, real = shape(ours, name), shape(theirs, name)
    blank = {path for side in (mine, real) for path, kind in side.items() if kind == "NoneType"}
    bare = {path for side in (mine, real) for path, kind in side.items() if kind == "list" and f"{path}[]" not in side}

    def open_(path: str) -> bool:
        return path in UNSPOKEN or any(path.startswith((f"{one}.", f"{one}[]")) for one in blank | bare)

    wrong = [f"missing {path}" for path in real.keys() - mine.keys() if not open_(path)]
    wrong += [f"ours alone {path}" for path in mine.keys() - real.keys() if not open_(path)]
    both = (mine.keys() & real.keys()) - blank
    return sorted(wrong + [f"{path}: {mine[path]}, not {real[path]}" for path in both if mine[path] != real[path]])


@pytest.fixture
def ask(simulator: Control, client: Callable[..., Mastodon]) -> Callable[..., Any]:
    """The raw JSON of one call as `finances`."""
    finances = client("finances")

    def call(method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {finances.access_token}"}
        answer = finances.session.request(method, simulator.url + path, headers=headers, timeout=10, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return call


def test_a_status_and_its_deletion(ask: Callable[..., Any], recorded: Callable[[str, int], Any]) -> None:
    parent = ask("POST", "/api/v1/statuses", data={"status": "#hoot"})
    assert differences(parent, recorded("test_hashtag_tl", 0), "status") == []
    reply = ask("POST", "/api/v1/statuses", data={"status": "@finances oui", "in_reply_to_id": parent["id"]})
    assert differences(reply, recorded("test_status_reply", 2), "status") == []
    gone = ask("DELETE", f"/api/v1/statuses/{reply['id']}")
    assert differences(gone, recorded("test_status_context", 2), "status") == []


def test_an_edited_status(simulator: Control, ask: Callable[..., Any], recorded: Callable[[str, int], Any]) -> None:
    made = simulator.speak("admin", "Toot!")
    simulator.edit(made["id"], "Toot, twice!")
    seen = ask("GET", f"/api/v1/statuses/{made['id']}")
    assert seen["edited_at"]
    assert differences(seen, recorded("test_status_edit", 3), "status") == []


def test_a_notification(simulator: Control, ask: Callable[..., Any], recorded: Callable[[str, int], Any]) -> None:
    simulator.speak("admin", "@finances hello!")
    told = ask("GET", "/api/v1/notifications?types[]=mention")
    assert differences(told, recorded("test_notifications_mentions_only", 1), "notifications") == []


def test_the_account(ask: Callable[..., Any], recorded: Callable[[str, int], Any]) -> None:
    own = ask("GET", "/api/v1/accounts/verify_credentials")
    assert differences(own, recorded("test_verify_credentials", 0), "account") == []


def test_an_attachment(ask: Callable[..., Any], recorded: Callable[[str, int], Any]) -> None:
    made = ask("POST", "/api/v2/media", files={"file": ("a.png", png(), "image/png")})
    assert differences(made, recorded("test_media_post_file", 0), "media") == []


def test_context_and_search(ask: Callable[..., Any], recorded: Callable[[str, int], Any]) -> None:
    made = ask("POST", "/api/v1/statuses", data={"status": "Toot!"})
    context = ask("GET", f"/api/v1/statuses/{made['id']}/context")
    assert differences(context, recorded("test_status_context", 1), "context") == []
    assert differences(ask("GET", "/api/v2/search?q=finances"), recorded("test_search", 0), "search") == []


def test_the_instance_and_nodeinfo(ask: Callable[..., Any], recorded: Callable[[str, int], Any]) -> None:
    assert differences(ask("GET", "/api/v2/instance/"), recorded("test_instance", 0), "instance") == []
    assert differences(ask("GET", "/.well-known/nodeinfo"), recorded("test_nodeinfo", 0), "links") == []
    assert differences(ask("GET", "/nodeinfo/2.0"), recorded("test_nodeinfo", 1), "nodeinfo") == []
    metadata = ask("GET", "/.well-known/oauth-authorization-server")
    assert differences(metadata, recorded("test_log_in_none", 0), "metadata") == []


def test_the_comparison_itself_sees_a_difference() -> None:
    assert differences({"a": 1, "c": None}, {"a": "1", "b": [], "c": 3}, "x") == ["missing x.b", "x.a: number, not str"]
