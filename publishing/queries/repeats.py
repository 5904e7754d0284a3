"""What says the same as a post on one of its accounts at about the same time."""

from __future__ import annotations

from datetime import datetime

from delivery.queries import Message, question, repeats_of
from organisation.lifecycle import Unconfirmed
from organisation.models import Person
from publishing.models import Post
from publishing.queries.posts import ORIGIN
from publishing.queries.sending import rest_to_send


def messages_to_send(post: Post) -> list[Message]:
    """One for each variant that no network has yet, nor may have."""
    variants = rest_to_send(post)
    for variant in variants:
        variant.post = post
    return [Message(one.account, one.pk, one.frozen()[0]) for one in variants]


def asked_about(post: Post, reader: Person, at: datetime | None = None) -> Unconfirmed | None:
    """What `reader` is asked before `post` goes out `at` (aware), else when it is planned; None where it says nothing
    twice, or has no time yet: whoever gives it one is asked."""
    due_at = at or post.due_at
    if due_at is None or post.is_closed:
        return None
    return question(repeats_of(ORIGIN, messages_to_send(post), due_at), reader)
