"""Bluesky's lexicons, as the client library holds them, as the judge of what is asked of Bluesky and read from it.

The library lets through names that no lexicon has, in what is sent as in what is read: nothing shows by itself.
"""

from __future__ import annotations

import inspect
import re
import sys
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from atproto_client import models
from atproto_client.client.base import ClientBase
from atproto_client.models.base import ModelBase
from atproto_client.models.utils import get_model_as_dict
from atproto_client.namespaces import sync_ns

from networks.bluesky import connector
from tests.networks.oracle import perform, watched
from tests.networks.squares.bluesky import training_square
from tests.networks.squares.square import picture
from tests.simulator.fixture import Control

OURS = str(Path(connector.__file__).parent)
CALLS = set(re.findall(r"'([a-z]+(?:\.[a-zA-Z]+){2,})'", inspect.getsource(sync_ns)))
OVER = re.compile(r"^    (\w+): (?:[^#\n]|\n(?!    \w))*#: Deprecated", re.MULTILINE)
Kinds = tuple[type[ModelBase], ...]


@cache
def named(kind: type[ModelBase]) -> dict[str, Any]:
    """What a lexicon has, by the name on the wire, with what stands there."""
    return {field.alias or name: field.annotation for name, field in kind.model_fields.items()}


@cache
def ending(kind: type[ModelBase]) -> set[str]:
    """What a lexicon says is over, by its name in Python."""
    return set(OVER.findall(inspect.getsource(kind)))


def models_in(annotation: Any) -> Iterator[type[ModelBase]]:
    if isinstance(annotation, type) and issubclass(annotation, ModelBase):
        yield annotation
    for part in typing.get_args(annotation):
        yield from models_in(part)


def inside(kinds: Kinds, name: str) -> Kinds | None:
    """Where several kinds may stand, what is there in any of them."""
    return tuple(dict.fromkeys(one for kind in kinds for one in models_in(named(kind).get(name)))) or None


class Heard:
    def __init__(self) -> None:
        self.asked: list[tuple[str, list[ModelBase]]] = []
        self.read: set[tuple[type[ModelBase], str]] = set()  # of the answers
        self.looked: set[tuple[Kinds, str]] = set()  # of records, by the names on the wire

    def as_dict(self, model: Any) -> Any:
        told = get_model_as_dict(model)
        return watched(told, (type(model),), inside, self.looked) if isinstance(model, ModelBase) else told


@pytest.fixture
def heard(simulator: Control, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Heard:
    made, honest = Heard(), ModelBase.__getattribute__
    square = training_square(simulator)

    def noted(model: ModelBase, name: str) -> Any:
        if sys._getframe(1).f_code.co_filename.startswith(OURS):
            made.read.add((type(model), name))
        return honest(model, name)

    def listening(call: Any) -> Any:
        def listen(client: ClientBase, nsid: str, params: Any = None, data: Any = None, **more: Any) -> Any:
            made.asked.append((nsid, [one for one in (params, data) if isinstance(one, ModelBase)]))
            return call(client, nsid, params=params, data=data, **more)

        return listen

    monkeypatch.setattr(ModelBase, "__getattribute__", noted)
    monkeypatch.setattr(connector, "get_model_as_dict", made.as_dict)
    for name in ("invoke_query", "invoke_procedure"):
        monkeypatch.setattr(ClientBase, name, listening(getattr(ClientBase, name)))
    perform(square, media=(picture(tmp_path, "Un carré"),))
    perform(square, link="https://finances.example/guichet")
    return made


def strange(model: Any) -> list[str]:
    """What is sent, and what no lexicon has or one says is over."""
    if isinstance(model, list):
        return [name for one in model for name in strange(one)]
    if not isinstance(model, ModelBase):
        return []
    kind = type(model)
    names = {*(model.model_extra or ()), *(ending(kind) & model.model_fields_set)}
    inner = [name for field in kind.model_fields for name in strange(getattr(model, field))]
    return [f"{kind.__module__}.{kind.__name__}.{name}" for name in names] + inner


@pytest.mark.longer
def test_every_call_and_every_name_that_is_sent_is_in_a_lexicon(heard: Heard) -> None:
    assert {nsid for nsid, _ in heard.asked} >= {
        "app.bsky.actor.getProfile",
        "app.bsky.feed.getAuthorFeed",
        "app.bsky.feed.getPostThread",
        "app.bsky.feed.getPosts",
        "app.bsky.feed.searchPosts",
        "app.bsky.notification.listNotifications",
        "com.atproto.identity.resolveHandle",
        "com.atproto.repo.deleteRecord",
        "com.atproto.repo.describeRepo",
        "com.atproto.repo.getRecord",
        "com.atproto.repo.putRecord",
        "com.atproto.repo.uploadBlob",
    }
    assert {nsid for nsid, _ in heard.asked} - CALLS == set()
    assert ending(models.AppBskyNotificationListNotifications.Params) == {"priority", "seen_at"}
    for nsid, sent in heard.asked:
        assert [name for model in sent for name in strange(model)] == [], nsid


def test_every_name_that_is_read_is_in_a_lexicon(heard: Heard) -> None:
    known = {kind: {*kind.model_fields, *dir(kind)} for kind, _ in heard.read}
    assert {f"{kind.__module__}.{name}" for kind, name in heard.read if name not in known[kind]} == set()
    assert {f"{kind.__module__}.{name}" for kind, name in heard.read if name in ending(kind)} == set()
    for kinds, name in heard.looked:
        assert any(name in named(kind) for kind in kinds), f"{[kind.__module__ for kind in kinds]}: {name}"
    read = {name for _, name in heard.read}
    assert read >= {"did", "display_name", "handle", "indexed_at", "reason", "record", "like_count", "followers_count"}
    assert {name for _, name in heard.looked} >= {"text", "langs", "reply", "parent", "root", "uri", "embed", "facets"}
