"""Four eyes: submit, approve exactly what was seen, ask for changes, refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.utils.translation import gettext_lazy as _

from approvals import actions as approvals
from approvals.enums import VoidReason
from approvals.queries import lost_hands
from delivery.actions import end_deliveries
from delivery.enums import Trouble
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from publishing.actions.cards import settle_cards
from publishing.actions.locking import lock, refreshed, touch
from publishing.actions.meaning import require_meant
from publishing.actions.subject import POSTS
from publishing.enums import POST_LIFECYCLE
from publishing.models import Post
from publishing.policy import require_yes
from publishing.queries import ORIGIN, snapshot_of, valid_approvals
from publishing.queries.approvers import is_moved
from publishing.queries.sending import rest_to_send

TIME_SEEN = audit.tell("post.time_seen", _("%(actor)s saw the new time of this post"))


@action
def submit_post(*, post: Post, by: Person, version: int | None = None) -> Post:
    """Puts the content as it stands before an approver. Refused with all that is missing from it."""
    locked = lock(post, version=version, wanted="submit")
    settle_cards(locked)
    snapshot = snapshot_of(locked)
    perform(POST_LIFECYCLE, "submit", locked, by=by, details={"content_hash": snapshot.hash})
    approvals.ask(thing=locked, by=by, content=snapshot.contents, content_hash=snapshot.hash)
    touch(locked)
    return refreshed(post, locked)


@action
def approve_post(
    *, post: Post, by: Person, content_hash: str, planned_for: datetime | None = None, meant: str = ""
) -> Post:
    """A yes to the content whose hash the approver saw. Conflict when the post now says something else.

    The last one that is asked for approves the post. `planned_for` is the time that they saw, None where there was
    none: of another one they are told, and where they saw none it is a Conflict. Unconfirmed where the same goes out
    beside it, until `meant` says yes to exactly what was told.
    """
    locked = lock(post)
    approvals.approve(thing=locked, by=by, content_hash=content_hash, planned_for=planned_for)
    if planned_for is None and locked.due_at is not None:
        raise Conflict(locked, "approve")
    require_meant(locked, by, meant)
    touch(locked)
    return refreshed(post, locked)


@action
def reopen_review(*, post: Post) -> Post:
    """Before an approver again, because whoever approved may no longer; what waits to be sent ends here.

    Conflict where they still may, or where nothing is left to send.
    """
    locked = lock(post)
    lost = lost_hands(valid_approvals(locked), POSTS.reach(locked), POSTS.permission)
    rest = rest_to_send(locked)
    if not lost or not rest:
        raise Conflict(locked, "reopen")
    perform(POST_LIFECYCLE, "reopen", locked, by=None, details={"approver": lost[0].by_id})
    approvals.reopen(thing=locked, reason=VoidReason.APPROVER_LEFT, lost=lost)
    # One in somebody's hands just now stays in line, and its claim finds the post in review.
    ids = [variant.pk for variant in rest]
    end_deliveries(origin_kind=ORIGIN, origin_ids=ids, trouble=Trouble.BACKING_LOST)
    touch(locked)
    return refreshed(post, locked)


@action
def acknowledge_time(*, post: Post, by: Person) -> Post:
    """The approver has seen to which time their post was moved. Conflict where nothing waits to be seen."""
    locked = lock(post)
    require_yes(by, locked)
    theirs = next((one for one in valid_approvals(locked) if one.by_id == by.pk), None)
    if theirs is None or not is_moved(locked, theirs):
        raise Conflict(locked, "acknowledge")
    audit.record(verb=TIME_SEEN, thing=locked, by=by, due_at=locked.due_at)
    approvals.know_time(thing=locked, due_at=locked.due_at, by=by)
    return refreshed(post, locked)


@action
def request_changes(*, post: Post, by: Person, remark: str, content_hash: str | None = None) -> Post:
    """Back to its author, with what to change. Conflict where `by` read another text than this (`content_hash`)."""
    say = partial(approvals.send_back, content_hash=content_hash)
    return _say_no(say, post, by, remark, "remark")


@action
def reject_post(*, post: Post, by: Person, reason: str, content_hash: str | None = None) -> Post:
    """The end of this post; Conflict as for `request_changes`."""
    say = partial(approvals.refuse, content_hash=content_hash)
    return _say_no(say, post, by, reason, "reason")


def _say_no(verb: Callable[..., object], post: Post, by: Person, words: str, field: str) -> Post:
    locked = lock(post)
    if not words.strip():
        policy.require(by, Permission.POST_APPROVE, locked)
        raise Refused(_("Say why, so that the author knows what to do."), field=field)
    verb(thing=locked, by=by, reason=words.strip())
    touch(locked)
    return refreshed(post, locked)
