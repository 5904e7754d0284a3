"""The calls by which LinkedIn tells an app what happened to a page."""

from __future__ import annotations

import hashlib
import hmac

from simulator.dialects.linkedin.notifications import notification
from simulator.hooks import Event, Happening, Hook, Outgoing
from simulator.routing import Simulator

ACTIONS = {Happening.WRITTEN: "COMMENT", Happening.EDITED: "COMMENT_EDIT", Happening.DELETED: "COMMENT_DELETE"}


def tell(simulator: Simulator, event: Event, hook: Hook) -> Outgoing | None:
    """A comment that was written, edited or taken away, or a post that names the page."""
    if event.author.id == event.person.id:
        return None
    if event.post.reply_to_person is None:
        if event.happening is not Happening.WRITTEN:
            return None
        action = "SHARE_MENTION"
    else:
        action = ACTIONS[event.happening]
    told = notification(simulator, event.person, event.post, action, event.at_ms)
    return Outgoing({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [told]})


def sign(hook: Hook, body: bytes) -> dict[str, str]:
    """What is signed is the body behind a word of its own."""
    digest = hmac.new(hook.secret.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()
    return {"X-LI-Signature": digest}
