"""Four eyes: submit, approve exactly what was seen, ask for changes, refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from organisation import policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from publishing.actions.locking import lock, refreshed, touch
from publishing.enums import POST_LIFECYCLE
from publishing.models import Approval, Post, Submission
from publishing.queries import snapshot_of


@action
def submit_post(*, post: Post, by: Person, version: int | None = None) -> Post:
    """Puts the content as it stands before an approver. Refused with all that is missing from it."""
    locked = lock(post, version=version, wanted="submit")
    snapshot = snapshot_of(locked)
    perform(POST_LIFECYCLE, "submit", locked, by=by, details={"content_hash": snapshot.hash})
    Submission.objects.create(post=locked, by=by, content=snapshot.contents, content_hash=snapshot.hash)
    touch(locked)
    return refreshed(post, locked)


@action
def approve_post(*, post: Post, by: Person, content_hash: str) -> Post:
    """A yes to the content whose hash the approver saw. Conflict when the post now says something else."""
    locked = lock(post)
    policy.require(by, Permission.POST_APPROVE, locked)
    if snapshot_of(locked).hash != content_hash:
        raise Conflict(locked, "approve")
    perform(POST_LIFECYCLE, "approve", locked, by=by, details={"content_hash": content_hash})
    Approval.objects.create(post=locked, by=by, content_hash=content_hash)
    touch(locked)
    return refreshed(post, locked)


@action
def request_changes(*, post: Post, by: Person, remark: str) -> Post:
    """Back to its author, with what to change."""
    return _answer(post, "request_changes", by, remark, "remark")


@action
def reject_post(*, post: Post, by: Person, reason: str) -> Post:
    """The end of this post."""
    return _answer(post, "reject", by, reason, "reason")


def _answer(post: Post, edge: str, by: Person, words: str, field: str) -> Post:
    locked = lock(post)
    if not words.strip():
        policy.require(by, Permission.POST_APPROVE, locked)
        raise Refused(_("Say why, so that the author knows what to do."), field=field)
    perform(POST_LIFECYCLE, edge, locked, by=by, details={"reason": words.strip()})
    if newest := locked.submissions.first():
        newest.remark = words.strip()
        newest.save(update_fields=["remark"])
    touch(locked)
    return refreshed(post, locked)
