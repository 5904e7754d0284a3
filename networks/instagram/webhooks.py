"""What Instagram tells of an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from networks.graph.webhooks import GraphWebhooks


class InstagramWebhooks(GraphWebhooks):
    object = "instagram"

    def message(self, field: str, value: Mapping[str, Any]) -> str | None:
        """Comments below our media, and comments and captions that name us."""
        if field in ("comments", "live_comments"):
            return str(value.get("id") or "")
        if field == "mentions":
            return str(value.get("comment_id") or value.get("media_id") or "")
        return None
