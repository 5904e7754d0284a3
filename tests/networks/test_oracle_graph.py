"""Meta's own SDK as the judge of what is asked of Facebook and Instagram, and read from them.

The SDK is made from Graph's description. It is asked for names alone: the fields of each kind of object, what hangs at
it, and what may be said with a call.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.abstractcrudobject import AbstractCrudObject
from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.igcomment import IGComment
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost

from networks.graph.client import Graph
from tests.networks.oracle import perform, watched
from tests.networks.squares import square_of
from tests.networks.squares.square import picture

PARTS = re.compile(r"([\w]+)((?:\.\w+\([^)]*\))*)(\{)?")
PARAMETER = re.compile(r"^ {12}'([\w.]+)': '", re.MULTILINE)
TARGET = re.compile(r"target_class=(\w+)")
# What every list takes, and what every call does.
ANYWHERE = {"limit", "after", "summary", "fields", "until", "__paging_token", "offset", "appsecret_proof"}
LIST = {"data", "paging", "summary"}
# The SDK calls one creating edge by another word, and knows these by other names or not at all.
VERBS = {"comments": "comment", "photos": "photo", "videos": "video", "mentions": "mention", "replies": "reply"}


# A container, before it is published, is no media: the SDK calls it so, and has its fields nowhere.
CONTAINER = {"IGMedia.status_code", "IGMedia.status"}
# One reader for two kinds, which looks for what either has: who wrote, what a comment answers, a value by itself.
EITHER = {
    "IGMedia.from",
    "IGComment.owner",
    "PagePost.parent",
    "InsightsResult.total_value",
    "PagePost.is_private",
    "Comment.privacy",
    "PagePost.attachment",
    "Comment.attachments",
}


@dataclass(frozen=True)
class Several:
    """A list of things of one kind."""

    of: Any


@cache
def kind_named(name: str) -> Any:
    try:
        module = importlib.import_module(f"facebook_business.adobjects.{name.lower()}")
    except ModuleNotFoundError:
        return None
    return getattr(module, name, None)


@cache
def edge(kind: Any, name: str, verb: str) -> tuple[set[str], Any] | None:
    """The parameters of what hangs at a kind of object, and the kind of what is there; None where nothing does."""
    call = getattr(kind, f"{verb}_{VERBS.get(name, name) if verb == 'create' else name}", None)
    if call is None:
        return None
    code = inspect.getsource(call)
    target = TARGET.search(code)
    return set(PARAMETER.findall(code)), kind_named(target[1]) if target else None


def inside(kind: Any, name: str) -> Any:
    if isinstance(kind, Several):
        return kind.of if name == "data" else None
    if name in kind._field_types:
        return kind_named(kind._field_types[name])
    found = edge(kind, name, "get")
    return Several(found[1]) if found else None


def is_known(kind: Any, name: str) -> bool:
    if isinstance(kind, Several):
        return name in LIST
    if kind is AbstractCrudObject:  # what hangs at a post: the SDK says that it is there, and no more
        return True
    return name in kind._field_types or edge(kind, name, "get") is not None


def split(fields: str) -> Iterator[tuple[str, list[str], str]]:
    """`a,b.limit(2){c}`: each name, what is said with it, and what is asked for inside."""
    place = 0
    while found := PARTS.match(fields, place):
        place, within = found.end(), ""
        if found[3]:
            depth, begin = 1, place
            while depth:
                depth += {"{": 1, "}": -1}.get(fields[place], 0)
                place += 1
            within = fields[begin : place - 1]
        yield found[1], re.findall(r"\.(\w+)\(", found[2]), within
        place += fields[place : place + 1] == ","
    assert place == len(fields), fields[place:]


def strange(kind: Any, fields: str) -> list[str]:
    """What is asked for, and what a kind of object has not."""
    found = []
    for name, said, within in split(fields):
        if not is_known(kind, name):
            found.append(f"{kind.__name__}.{name}")
            continue
        hanging = edge(kind, name, "get") if name not in kind._field_types else None
        extra = set(said) - ANYWHERE - (hanging[0] if hanging else MENTIONING.get(name, set()))
        found += [f"{kind.__name__}.{name}.{one}()" for one in extra]
        inner = inside(kind, name)
        inner = inner.of if isinstance(inner, Several) else inner
        found += strange(inner, within) if within and inner else []
    return found


MENTIONING = {"mentioned_media": {"media_id"}, "mentioned_comment": {"comment_id"}}  # as their pages say


@dataclass
class Heard:
    """`kinds` are of what has been seen, by its id: nothing else says what a call by an id is about."""

    kinds: dict[str, Any]
    read: set[tuple[Any, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    unjudged: set[str] = field(default_factory=set)

    def judge(self, method: str, path: str, said: dict[str, Any], told: Any) -> Any:
        place, _, name = path.partition("/")[2].partition("/")
        kind = self.kinds.get(place)
        if kind is None:
            self.unjudged.add(f"{method} {name or 'node'}")
            return told
        self.asked.add(f"{method} {kind.__name__} {name}".strip())
        target = kind
        if name:
            found = edge(kind, name, "get" if method == "GET" else "create")
            if found is None:
                self.faults.append(f"{method} {kind.__name__}/{name}")
                return told
            target = MADE.get(name, found[1]) if method == "POST" else found[1]
            bare = {one.partition("[")[0] for one in said}
            self.faults += [f"{method} {kind.__name__}/{name}: {one}" for one in bare - found[0] - ANYWHERE]
        if target is None or not hasattr(target, "_field_types"):
            return told
        self.faults += strange(target, said.get("fields", ""))
        self.learn(told, Several(target) if name and method == "GET" else target)
        return watched(told, Several(target) if name and method == "GET" else target, inside, self.read)

    def learn(self, told: Any, kind: Any) -> None:
        if isinstance(told, list):
            for one in told:
                self.learn(one, kind)
        elif isinstance(told, dict) and kind is not None:
            if not isinstance(kind, Several) and "id" in told:
                self.kinds.setdefault(str(told["id"]), kind)
            for name, value in told.items():
                self.learn(value, inside(kind, name))


# What the one call that makes it answers with, where the SDK names no kind.
MADE = {"feed": PagePost, "comments": Comment, "replies": IGComment, "media_publish": IGMedia}


@pytest.fixture(params=["facebook", "instagram"])
def heard(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Heard:
    square = square_of(request.param, request)
    me = {"facebook": Page, "instagram": IGUser}[request.param]
    made, call = Heard({"me": Page, square.service.account.remote_id: me}), Graph.request

    def listen(graph: Graph, path: str, args: Any = None, post_args: Any = None, **more: Any) -> Any:
        told = call(graph, path, args, post_args, **more)
        method = more.get("method") or ("GET" if post_args is None else "POST")
        name = path.rpartition("/")[2]
        if method == "POST" and name in MADE and isinstance(told, dict) and "id" in told:
            made.kinds.setdefault(str(told["id"]), MADE[name])
        return made.judge(method, path, {**(args or {}), **(post_args or {})}, told)

    monkeypatch.setattr(Graph, "request", listen)
    perform(square, **({"media": (picture(tmp_path, "Un carré"),)} if request.param == "facebook" else {}))
    return made


@pytest.mark.longer
def test_every_call_field_and_edge_is_in_the_description(heard: Heard) -> None:
    assert set(heard.faults) - CONTAINER == set()
    assert heard.unjudged == set()
    expected = {
        Page: {"GET Page", "GET Page feed", "GET Page tagged", "GET Page insights", "POST Page feed", "GET PagePost"},
        IGUser: {"GET IGUser", "GET IGUser media", "GET IGUser tags", "POST IGUser media", "POST IGComment replies"},
    }
    own = next(kind for kind in (IGUser, Page) if kind in heard.kinds.values())
    assert heard.asked >= expected[own], heard.asked


def test_every_field_that_is_read_is_in_the_description(heard: Heard) -> None:
    known = {f"{kind.__name__}.{name}" for kind, name in heard.read if not isinstance(kind, Several)}
    unknown = {f"{getattr(kind, '__name__', kind)}.{name}" for kind, name in heard.read if not is_known(kind, name)}
    assert unknown - CONTAINER - EITHER == set()
    both = {
        "facebook": {"PagePost.created_time", "PagePost.message", "PagePost.shares", "Comment.from", "Comment.parent"},
        "instagram": {"IGComment.text", "IGComment.timestamp", "IGComment.username", "IGMedia.permalink"},
    }
    assert any(known >= one for one in both.values()), known
