"""The approver's pages: exactly what will be sent, what changed, and the next one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from approvals.queries import open_request, steps_taken
from organisation import policy
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest
from organisation.lifecycle import Conflict
from publishing.enums import PostState
from publishing.forms import ApproveForm, RemarkForm
from publishing.models import Post
from publishing.models.post import SUBJECT
from publishing.policy import against_approving
from publishing.queries import changes_since, last_reviewed, posts_to_approve, snapshot_of, whole
from publishing.queries.approvers import lost_approval, newest_request
from publishing.queries.repeats import asked_about
from publishing.views.post_page import shown
from publishing.views.sight import seen

SHOWN = 100


@login_required
@require_GET
def approvals(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.POST_APPROVE)
    posts = list(whole(posts_to_approve(request.user))[: SHOWN + 1])
    return render(request, "publishing/approvals.html", {"posts": posts[:SHOWN], "more": len(posts) > SHOWN})


@login_required
@require_GET
def approval(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    if post.state != PostState.IN_REVIEW:
        return redirect("publishing:post_detail", pk)
    policy.require(request.user, Permission.POST_APPROVE, post)
    asked = open_request(SUBJECT, post.pk)
    if asked and (why := against_approving(request.user, asked)):
        raise PermissionDenied(why)
    return _page(request, post)


@login_required
@require_POST
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    policy.require(request.user, Permission.POST_APPROVE, post)
    form = ApproveForm(request.POST)
    try:
        done = form.is_valid() and form.save(post, request.user)
    except Conflict:
        return _changed(request, pk, request.POST.get("content_hash", ""))
    return _next(request, _("Approved.")) if done else _page(request, post, {"approve": form}, status=422)


@login_required
@require_POST
def request_changes(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    policy.require(request.user, Permission.POST_APPROVE, post)
    form = RemarkForm(request.POST)
    done = form.is_valid() and form.send_back(post, request.user)
    return (
        _next(request, _("Sent back to its author.")) if done else _page(request, post, {"changes": form}, status=422)
    )


@login_required
@require_POST
def reject(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    policy.require(request.user, Permission.POST_APPROVE, post)
    form = RemarkForm(request.POST)
    done = form.is_valid() and form.refuse(post, request.user)
    return _next(request, _("Refused.")) if done else _page(request, post, {"reject": form}, status=422)


def _next(request: PersonRequest, done: Any) -> HttpResponse:
    """The next post that waits for this person opens by itself."""
    messages.success(request, done)
    following = posts_to_approve(request.user).first()
    return redirect("publishing:approval", following.pk) if following else redirect("publishing:approvals")


def _page(
    request: PersonRequest, post: Post, refused: dict[str, ActionForm] | None = None, status: int = 200
) -> HttpResponse:
    snapshot = snapshot_of(post)
    before = last_reviewed(post, other_than=snapshot.hash)
    facts = _compared(post, before.content if before else None, snapshot.contents)
    facts |= {"post": post, "before": before, "refused": refused or {}, "content_hash": snapshot.hash}
    facts["lost_approval"] = lost_approval(post)
    facts["asked"] = asked_about(post, request.user)
    facts["steps"] = steps_taken(newest_request(post))
    facts["waiting"] = posts_to_approve(request.user).exclude(pk=post.pk).count()
    return render(request, "publishing/approval.html", facts, status=status)


def _compared(post: Post, before: Any, after: Any) -> dict[str, Any]:
    changes = changes_since(before, after)
    gone = [change for change in changes.values() if change.is_gone]
    return {"shown": shown(post, changes=changes), "changes": changes, "gone": gone}


def _changed(request: PersonRequest, pk: int, seen_hash: str) -> HttpResponse:
    """Somebody changed the post while it was being read: what differs from the content that was on the page."""
    post = seen(request, pk)
    before = post.submissions.filter(content_hash=seen_hash).first()
    facts = _compared(post, before.content if before else None, snapshot_of(post).contents)
    facts |= {"post": post, "may_approve": post.state == PostState.IN_REVIEW}
    return render(request, "publishing/approval_conflict.html", facts, status=409)
