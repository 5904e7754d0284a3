from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from publishing.actions import (
    PostContent,
    Timing,
    approve_post,
    cards,
    edit_post,
    expire_uploads,
    reconfirm_post,
    reject_post,
    request_changes,
    reschedule_post,
    unschedule_post,
    withdraw_post,
)
from publishing.actions.reading import KEPT
from publishing.models import Post, Upload
from publishing.models.card import UNREAD
from tests.architecture.trail.world import AN, BRAM, NOBODY, World, leaves
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.approvals import route_for
from tests.factories.publishing import ZONE, draft, hash_of, submitted, tomorrow, upload_for

PLAN: dict[str, Any] = {"wall_time": ..., "zone": ZONE, "due_at": ..., "due_before": ...}
SCHEDULED = ("delivery.scheduled", BRAM, {"due_at": ..., "hash": ..., "origin": ["post_variant", ...]})


def _taken_back(reason: str) -> tuple[str, str, dict[str, Any]]:
    return "delivery.withdraw", BRAM, {"from": "due", "to": "cancelled", "reason": reason}


@leaves(("post.started", AN, {"title": "Tax return", "words_after": ...}))
def started(world: World) -> Callable[[], object]:
    return lambda: draft(world.an, world.account)


@leaves(
    (
        "post.edited",
        BRAM,
        {
            "fields": ["link", "text"],
            "content_before": ...,
            "content_after": ...,
            "words_before": ...,
            "words_after": ...,
        },
    )
)
def words_changed(world: World) -> Callable[[], object]:
    post = draft(world.an, world.account)
    content = replace(PostContent.of(post), core_text="Mrs Peeters is wrong", link="https://fin.example/")
    return lambda: edit_post(post=post, version=post.version, content=content, by=world.bram)


@leaves(("post.edited", BRAM, {"fields": ["text"], "words_before": ..., "words_after": ...}))
def words_changed_that_nothing_sends(world: World) -> Callable[[], object]:
    post = draft(world.an, unit=world.unit)
    content = replace(PostContent.of(post), core_text="Mrs Peeters is right")
    return lambda: edit_post(post=post, version=post.version, content=content, by=world.bram)


def _followed(verb: str, target: str, source: str = "open", **told: Any) -> tuple[str, str, dict[str, Any]]:
    """What became of the request: nobody's act, but what follows from one."""
    return verb, NOBODY, {"from": source, "to": target, **told}


@leaves(
    ("post.pass_step", BRAM, {"from": "in_review", "to": "in_review", "content_hash": ..., "step": 1}),
    _followed("approval.advance", "open", person=...),
)
def first_step_taken(world: World) -> Callable[[], object]:
    route_for(world.unit, {"place": "own"}, {"place": "centre"}, by=world.an)
    post = submitted(world.an, world.account)
    return lambda: approve_post(post=post, by=world.bram, content_hash=hash_of(post), planned_for=post.due_at)


@leaves(
    ("post.approve", BRAM, {"from": "in_review", "to": "approved", "content_hash": ...}),
    _followed("approval.clear", "cleared", person=...),
)
def approved(world: World) -> Callable[[], object]:
    post = submitted(world.an, world.account)
    return lambda: approve_post(post=post, by=world.bram, content_hash=hash_of(post), planned_for=post.due_at)


@leaves(
    ("post.reject", BRAM, {"from": "in_review", "to": "rejected", "reason": "Not ours"}),
    _followed("approval.refuse", "rejected", person=...),
)
def refused(world: World) -> Callable[[], object]:
    post = submitted(world.an, world.account)
    return lambda: reject_post(post=post, by=world.bram, reason=" Not ours ")


@leaves(
    ("post.request_changes", BRAM, {"from": "in_review", "to": "changes_requested", "reason": "Shorter"}),
    _followed("approval.return", "changes_requested", person=...),
)
def sent_back(world: World) -> Callable[[], object]:
    post = submitted(world.an, world.account)
    return lambda: request_changes(post=post, by=world.bram, remark="Shorter")


@leaves(("post.withdraw", AN, {"from": "draft", "to": "withdrawn", "reason": "Too late"}))
def withdrawn(world: World) -> Callable[[], object]:
    post = draft(world.an, world.account)
    return lambda: withdraw_post(post=post, by=world.an, reason="Too late")


@leaves(
    ("post.call_off", BRAM, {"from": "scheduled", "to": "withdrawn"}),
    _taken_back("called_off"),
    _followed("approval.void", "void", "cleared", reason="withdrawn"),
)
def called_off(world: World) -> Callable[[], object]:
    post = world.scheduled()
    return lambda: withdraw_post(post=post, by=world.bram, reason="")


@leaves(
    ("post.reschedule", BRAM, {"from": "scheduled", "to": "scheduled", **PLAN}),
    _taken_back("moved"),
    SCHEDULED,
)
def moved(world: World) -> Callable[[], object]:
    post = world.scheduled()
    return lambda: reschedule_post(post=post, by=world.bram, timing=Timing(tomorrow(15), ZONE))


@leaves(
    ("post.unschedule", BRAM, {"from": "scheduled", "to": "approved"}),
    _taken_back("taken_off"),
)
def off_the_calendar(world: World) -> Callable[[], object]:
    post = world.scheduled()
    return lambda: unschedule_post(post=post, by=world.bram)


@leaves(
    ("post.reconfirm", BRAM, {"from": "expired", "to": "scheduled", **PLAN}),
    _taken_back("moved"),
    SCHEDULED,
)
def confirmed_again(world: World) -> Callable[[], object]:
    post = world.scheduled()
    Post.objects.filter(pk=post.pk).update(state="expired")
    return lambda: reconfirm_post(post=post, by=world.bram, timing=Timing(tomorrow(15), ZONE))


@leaves(("post.card_read", NOBODY, {"problem": "gone", "content_before": ..., "content_after": ...}))
def page_behind_a_link_read(world: World) -> Callable[[], object]:
    sky = ConnectedAccountFactory.create(unit=world.unit, network="bluesky")
    draft(world.an, sky, link="https://x.example/")
    row = cards.READINGS.claim()
    assert row is not None
    return lambda: cards._keep(claimed=row, card={**UNREAD, "problem": "gone"})


@leaves(("upload.refuse", NOBODY, {"from": "received", "to": "refused"}))
def file_unread(world: World) -> Callable[[], object]:
    upload = upload_for(draft(world.an, world.account))
    Upload.objects.filter(pk=upload.pk).update(received_at=Now() - KEPT - timezone.timedelta(minutes=1))
    return expire_uploads
