"""JSON Feed (https://www.jsonfeed.org/version/1.1/): the same facts as a feed in XML, as `reading` asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from networks.feed.parsing import decoded


def json_feed(body: bytes, content_type: str) -> dict[str, Any] | None:
    """The feed in `body`; None where that is no JSON Feed."""
    text = decoded(body, content_type).lstrip("\ufeff \t\r\n")
    if not text.startswith("{"):
        return None
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_feed = isinstance(told, dict) and "jsonfeed.org/version/" in str(told.get("version"))
    return told if is_feed and isinstance(told.get("items"), list) else None


def words(told: Any, *names: str) -> str:
    """The first of `names` under which there is text."""
    return next((value for name in names if isinstance(value := told.get(name), str) and value.strip()), "")


def entries(feed: dict[str, Any], most: int) -> Iterator[dict[str, Any]]:
    """In the library's words, so that they are read like those of any other feed."""
    for item in feed["items"][:most]:
        if not isinstance(item, dict):
            continue
        html, plain = words(item, "content_html"), words(item, "content_text", "summary")
        own = item.get("id")
        yield {
            "id": str(own) if isinstance(own, str | int | float) else "",
            "link": words(item, "url", "external_url"),
            "title": words(item, "title"),
            "title_detail": {"value": words(item, "title"), "type": "text/plain"},
            "content": [{"value": html or plain, "type": "text/html" if html else "text/plain"}],
            "instant": _instant(words(item, "date_published", "date_modified")),
        }


def _instant(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
