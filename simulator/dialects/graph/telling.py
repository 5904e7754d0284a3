"""What Meta tells an app unasked, and how it signs it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from simulator.dialects.graph.sight import Account
from simulator.hooks import Event, Happening, Hook, Outgoing
from simulator.routing import Simulator
from simulator.store import posts
from simulator.store.posts import Post

VERBS = {Happening.WRITTEN: "add", Happening.EDITED: "edited", Happening.DELETED: "remove"}


def tell_page(simulator: Simulator, event: Event, hook: Hook) -> Outgoing | None:
    """A comment or a post on a page, as a change of its feed; what names it elsewhere, as a mention."""
    post, root = event.post, _root(simulator, event.post)
    here = root.person_id == event.person.id or root.text.lower().startswith(f"@{event.person.handle.lower()}")
    value: dict[str, Any] = {
        "from": {"id": str(event.author.id), "name": event.author.name},
        "item": "comment" if post.reply_to_person else "status",
        "verb": VERBS[event.happening],
        "created_time": post.created_ms // 1000,
        "post_id": f"{event.person.id if here else root.person_id}_{root.id}",
        "message": post.text,
    }
    if post.reply_to_person:
        value |= {"comment_id": f"{root.id}_{post.id}", "parent_id": value["post_id"]}
    changes = [{"field": "feed" if here else "mention", "value": value}]
    entry = {"id": str(event.person.id), "time": event.at_ms // 1000, "changes": changes}
    return Outgoing({"object": "page", "entry": [entry]})


def tell_account(simulator: Simulator, event: Event, hook: Hook) -> Outgoing | None:
    """A comment below what the account published, or something that names it; deletions it does not tell."""
    if event.happening is Happening.DELETED:
        return None
    post, root = event.post, _root(simulator, event.post)
    field, value = "mentions", {"media_id": str(root.id)}
    if post.reply_to_person and root.person_id == event.person.id:
        field = "comments"
        value = {"id": str(post.id), "text": post.text}
        told: dict[str, Any] = {
            "from": {"id": Account(event.author).id, "username": event.author.handle},
            "media": {"id": str(root.id), "media_product_type": "FEED"},
        }
        changes = [{"field": field, "value": value | told}]
    else:
        changes = [{"field": field, "value": value | ({"comment_id": str(post.id)} if post.reply_to_person else {})}]
    entry = {"id": Account(event.person).id, "time": event.at_ms // 1000, "changes": changes}
    return Outgoing({"object": "instagram", "entry": [entry]})


def _root(simulator: Simulator, post: Post) -> Post:
    chain = posts.ancestors(simulator.db, post, None)
    return chain[0] if chain else post


def sign(hook: Hook, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()}
