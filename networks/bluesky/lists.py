"""Lists of an AppView, entry by entry: the library decodes a list as one value, so that one misshapen entry, which
anybody may publish, would keep all the others from being read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from atproto_client import Client, models
from atproto_client.models.utils import get_or_create

from networks.answers import list_of, parts_of
from networks.calls import each_readable
from networks.facts import inner

POST = models.AppBskyFeedDefs.PostView
ACTOR = models.AppBskyActorDefs.ProfileView


def asked(client: Client, name: str, params: Any) -> Mapping[str, Any]:
    """The answer of a query as it came; TypeError where it is no object."""
    told = client.invoke_query(name, params=params, output_encoding="application/json").content
    if not isinstance(told, Mapping):
        raise TypeError("not an object")
    return told


def entries(told: Mapping[str, Any], name: str, model: Any) -> list[Any]:
    """What of a list can be read as `model`; KeyError or TypeError where there is no list."""
    return list(each_readable(list_of(told, name), lambda one: _as(one, model)))


def cursor(told: Mapping[str, Any]) -> str:
    """Where a list goes on; empty where it ends."""
    found = told.get("cursor")
    return found if isinstance(found, str) else ""


def below(thread: Any) -> Iterator[Any]:
    """The posts below that at the top of `thread`; what is gone, or blocked, has none."""
    for reply in parts_of(thread, "replies") if isinstance(thread, Mapping) else ():
        if inner(reply, "post"):
            yield from each_readable([reply["post"]], lambda one: _as(one, POST))
            yield from below(reply)


def _as(one: Any, model: Any) -> Any:
    if not isinstance(one, Mapping):
        raise TypeError("not an object")
    return get_or_create(dict(one), model)
