"""X's own SDK as the judge of what we ask and read, and of what the training network answers in X's place.

The SDK is made from X's description. It is asked for nothing but names: which calls there are, their parameters and the
values these take, and the fields of the answers.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from networks.x import client, names, reading, text
from simulator import server
from simulator.exchange import Answer, Request
from tests.networks.squares.square import all_of, attempt, picture
from tests.networks.squares.x import square as made_square
from tests.simulator.fixture import Control

CALL = re.compile(r'base_url \+ "(/2/[^"]*)"')
VERB = re.compile(r"session\.(get|post|put|delete)\(")
# Served by X, and not in its SDK: how far an upload is.
BESIDE = {("GET", "/2/media/upload", "command"), ("GET", "/2/media/upload", "media_id")}


@pytest.fixture
def schemas() -> Any:
    """The fields of the answers. The SDK is large: it is read where it is asked, not by every process that collects."""
    return importlib.import_module("xdk.schemas")


def described() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Each call of the SDK: its method, its path, and the code that makes it."""
    import xdk

    for module in pkgutil.iter_modules(xdk.__path__):
        try:
            code = inspect.getsource(importlib.import_module(f"xdk.{module.name}.client"))
        except ModuleNotFoundError:
            continue
        for function in re.split(r"\n    (?:async )?def ", code):
            found, verb = CALL.search(function), VERB.search(function)
            if found and verb:
                yield verb[1].upper(), re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(found[1]))), function


@cache
def calls() -> list[tuple[str, re.Pattern[str], str]]:
    return list(described())


def code_of(method: str, path: str) -> str:
    return "\n".join(code for verb, place, code in calls() if verb == method and place.fullmatch(path))


def values_of(code: str, parameter: str) -> set[str]:
    """What a parameter that takes a list may hold."""
    listed = re.findall(rf"{parameter.replace('.', '_')}: Optional\[\s*List\[\s*Literal\[(.*?)\]", code, re.DOTALL)
    return {value for one in listed for value in re.findall(r'"([\w.]+)"', one)}


@pytest.fixture
def heard(simulator: Control, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Request, Any]]:
    """All calls of X's connector by the new names, each with its answer."""
    client.RENAMED.clear()
    simulator.manners("x:posts")
    square = made_square(simulator)
    calls: list[tuple[Request, Any]] = []
    honest = server.answer_to

    def listen(place: Any, request: Request) -> Answer:
        told = honest(place, request)
        if request.path.startswith("/2/") and told.status < 300:
            calls.append((request, json.loads(told.body)))
        return told

    monkeypatch.setattr(server, "answer_to", listen)
    draft, key = square.draft("Le guichet ouvre", media=(picture(tmp_path, "Un carré"),)), attempt()
    ours = square.service.publish(draft, key)
    square.service.identify()
    square.service.reconcile(draft, key)
    square.say("@finances où ?", ours)
    [question] = all_of(square.service)[0]
    all_of(square.service, (datetime.now(UTC) - timedelta(hours=1)).isoformat())
    square.service.search("guichet")
    square.service.fetch(question.ref)
    square.service.metrics([ours])
    square.service.publish(square.answer("Ici.", question), attempt())
    square.service.delete(ours)
    client.RENAMED.clear()
    return calls


@pytest.mark.slow
def test_every_call_and_every_parameter_is_in_the_description(heard: list[tuple[Request, Any]]) -> None:
    assert {(one.method, re.sub(r"\d{5,}", "ID", one.path)) for one, _ in heard} >= {
        ("POST", "/2/tweets"),
        ("DELETE", "/2/tweets/ID"),
        ("GET", "/2/tweets/ID"),
        ("GET", "/2/tweets"),
        ("GET", "/2/tweets/search/recent"),
        ("GET", "/2/users/ID/tweets"),
        ("GET", "/2/users/ID/mentions"),
        ("GET", "/2/users/me"),
        ("POST", "/2/media/upload"),
        ("POST", "/2/media/metadata"),
    }
    for asked, _told in heard:
        code = code_of(asked.method, asked.path)
        assert code, f"{asked.method} {asked.path}"
        for name, value in parse_qsl(asked.query):
            if (asked.method, asked.path, name) in BESIDE:
                continue
            assert re.search(rf"\b{name.replace('.', '_')}\b|\"{re.escape(name)}\"", code), f"{asked.path}: {name}"
            if name.endswith(".fields") or name == "expansions":
                assert set(value.split(",")) <= values_of(code, name), f"{asked.path}: {name}"


def unknown(told: Any, model: Any) -> set[str]:
    return set(told) - {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.longer
def test_every_field_that_is_answered_and_read_is_in_the_description(
    heard: list[tuple[Request, Any]], schemas: Any
) -> None:
    read: set[str] = set()
    for asked, told in heard:
        data = told.get("data") if re.match(r"/2/(tweets|users/\d+/(tweets|mentions))", asked.path) else None
        if asked.method != "GET" or not data:
            continue
        for post in data if isinstance(data, list) else [data]:
            assert unknown(post, schemas.Post) == set(), asked.path
            assert unknown(post.get("public_metrics") or {}, schemas.PostPublicMetrics) == set()
            read |= set(post)
        for user in (told.get("includes") or {}).get("users") or ():
            assert unknown(user, schemas.User) == set()
    assert {"author_id", "conversation_id", "created_at", "in_reply_to_user_id", "referenced_posts"} <= read


@pytest.mark.longer
def test_the_new_names_that_are_read_are_those_of_the_description(schemas: Any) -> None:
    fields = schemas.Post.model_fields
    for _old, new in (reading.REFERENCED, reading.HISTORY, text.NOTE):
        assert new in fields
    assert set(names.NEW.values()) <= set(fields)
    assert set(names.EXPANSIONS) | {names.VERSIONS} <= set(fields)
    figures = set(schemas.PostPublicMetrics.model_fields)
    assert figures <= set(reading.TWEET_FIGURES)
    assert set(reading.TWEET_FIGURES) - figures == {"retweet_count"}, "the old name of one"
    asked = {names.NEW.get(name, name) for name in reading.TWEET_FIELDS}
    assert asked <= set(fields)
