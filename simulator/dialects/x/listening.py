"""What X tells an app unasked: the Account Activity API, in the shape of version 1.1, signed with the app's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from simulator.dialects.x import entities, text
from simulator.hooks import Event, Happening, Hook, Outgoing
from simulator.routing import Simulator


def tell(simulator: Simulator, event: Event, hook: Hook) -> Outgoing | None:
    """A message that names the person was written (or written anew), or is gone."""
    told: dict[str, Any] = {"for_user_id": str(event.person.id)}
    if event.happening is Happening.DELETED:
        status = {"id": str(event.post.id), "user_id": str(event.author.id)}
        told["tweet_delete_events"] = [{"status": status, "timestamp_ms": str(event.at_ms)}]
    else:
        told |= {"user_has_blocked": False, "tweet_create_events": [_tweet(event)]}
    return Outgoing(told)


def _tweet(event: Event) -> dict[str, Any]:
    post, author = event.post, event.author
    identifier = entities.history(post)[-1]
    shown, urls = text.shorten(post.text)
    return {
        "created_at": datetime.fromtimestamp(post.created_ms / 1000, UTC).strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "id": int(identifier),
        "id_str": identifier,
        "text": text.written(shown),
        "in_reply_to_status_id_str": str(post.reply_to) if post.reply_to else None,
        "in_reply_to_user_id_str": str(post.reply_to_person) if post.reply_to_person else None,
        "user": {"id": author.id, "id_str": str(author.id), "name": author.name, "screen_name": author.handle},
        "entities": {"urls": [one.entity for one in urls]},
        "lang": post.language or "und",
        "timestamp_ms": str(event.at_ms),
    }


def sign(hook: Hook, body: bytes) -> dict[str, str]:
    made = hmac.new(hook.secret.encode(), body, hashlib.sha256).digest()
    return {"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(made).decode()}
