"""One step of a post: submit, schedule, move, take off, withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from organisation import policy
from organisation.forms import ActionForm, PersonRequest
from organisation.queries.gates import lacks
from publishing import actions
from publishing.enums import POST_LIFECYCLE
from publishing.forms import TimeForm, VersionForm, WithdrawForm
from publishing.models import Post
from publishing.policy import require_yes
from publishing.views.post_page import post_page
from publishing.views.sight import seen

DONE: dict[str, Any] = {
    "submit": _("Submitted. A colleague who neither wrote nor edited it may approve it now."),
    "schedule": _("The post is scheduled."),
    "reschedule": _("The post is moved."),
    "reconfirm": _("The post is scheduled again."),
    "unschedule": _("The post is off the calendar. It stays approved."),
    "withdraw": _("The post is withdrawn."),
}
TIMED: dict[str, Any] = {
    "schedule": actions.schedule_post,
    "reschedule": actions.reschedule_post,
    "reconfirm": actions.reconfirm_post,
}


@login_required
@require_POST
def submit(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    _require(request, "submit", post)
    form = VersionForm(request.POST)
    done = form.is_valid() and form.save(post, request.user)
    return _step_response(request, post, "submit", form, bool(done))


@login_required
@require_POST
def step(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    post = seen(request, pk)
    _require(request, verb, post)
    if verb in TIMED:
        timed = TimeForm(request.POST, post=post)
        return _step_response(
            request, post, verb, timed, timed.is_valid() and timed.save(TIMED[verb], request.user) is not None
        )
    form = ActionForm(request.POST)
    taken_off = form.carry_out(actions.unschedule_post, post=post, by=request.user) if form.is_valid() else None
    return _step_response(request, post, verb, form, taken_off is not None)


@login_required
@require_POST
def time_seen(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    require_yes(request.user, post)
    actions.acknowledge_time(post=post, by=request.user)
    messages.success(request, _("Noted: you have seen the new time."))
    return redirect("publishing:post_detail", pk)


@login_required
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    edge = "call_off" if post.state in POST_LIFECYCLE["call_off"].sources else "withdraw"
    _require(request, edge, post)
    form = WithdrawForm(request.POST)
    done = form.is_valid() and form.save(post, request.user)
    return _step_response(request, post, "withdraw", form, bool(done))


def _require(request: PersonRequest, edge: str, post: Post) -> None:
    permission = POST_LIFECYCLE.permission_for(edge, post)
    assert permission is not None
    policy.require(request.user, permission, post)


def _step_response(request: PersonRequest, post: Post, verb: str, form: ActionForm, done: bool) -> HttpResponse:
    if done:
        messages.success(request, DONE[verb])
        if verb in TIMED:
            for lack in lacks(request.user, post.unit):
                messages.warning(request, str(lack.sentence))
        return redirect("publishing:post_detail", post.pk)
    facts = post_page(seen(request, post.pk), request.user, refused={verb: form})
    return render(request, "publishing/post_detail.html", facts, status=422)
