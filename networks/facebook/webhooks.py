"""What Facebook tells of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from networks.graph.webhooks import GraphWebhooks

POSTS = ("post", "status", "photo", "video", "share", "album", "event")


class FacebookWebhooks(GraphWebhooks):
    object = "page"

    def message(self, field: str, value: Mapping[str, Any]) -> str | None:
        """Comments and posts that came, changed or went, and mentions; likes and the like are no messages."""
        if field == "mention":
            return str(value.get("comment_id") or value.get("post_id") or "")
        if field != "feed":
            return None
        if value.get("item") == "comment":
            return str(value.get("comment_id") or "")
        return str(value.get("post_id") or "") if value.get("item") in POSTS else None
