"""Sessions of a training: planned, joined, and who came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import call_off_session, join_session, leave_session, record_attendance
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.forms.training import SessionForm
from organisation.models import TrainingSeat, TrainingSession
from organisation.queries import latest_events
from organisation.queries.training import visible_sessions, visible_trainings
from organisation.views.once import once


def _session(request: PersonRequest, pk: int) -> TrainingSession:
    return get_object_or_404(visible_sessions(request.user), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
@once
def session_new(request: PersonRequest, pk: int) -> HttpResponse:
    module = get_object_or_404(visible_trainings(request.user), pk=pk)
    policy.require(request.user, Permission.TRAINING_MANAGE, module)
    form = SessionForm(request.POST or None, module=module, person=request.user)
    if form.is_valid() and (session := form.save()):
        messages.success(request, _("The session is planned."))
        return redirect(session.get_absolute_url())
    facts = {"form": form, "module": module}
    return render(request, "organisation/session_new.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_GET
def session_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _session(request, pk))


def _page(request: PersonRequest, session: TrainingSession, **refused: Any) -> HttpResponse:
    person = request.user
    seats = list(TrainingSeat.objects.filter(session=session).select_related("person__unit").order_by("pk"))
    keeps = policy.allows(person, Permission.TRAINING_MANAGE, session) or session.trainer_id == person.pk
    facts = {
        "session": session,
        "seats": seats if keeps else [],
        "taken": len(seats),
        "has_begun": session.starts_at <= database_now(),
        "seat": next((one for one in seats if one.person_id == person.pk), None),
        "keeps": keeps,
        "may_manage": policy.allows(person, Permission.TRAINING_MANAGE, session),
        "story": latest_events(session, 30),
        "refused": refused,
        "call_off_form": refused.get("call_off"),
    }
    return render(request, "organisation/session_detail.html", facts, status=422 if refused else 200)


@login_required
@require_POST
def session_join(request: PersonRequest, pk: int) -> HttpResponse:
    return _act(request, _session(request, pk), join_session, _("You have a place in this session."))


@login_required
@require_POST
def session_leave(request: PersonRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)
    leave_session(session=session, by=request.user)
    messages.success(request, _("Your place is free again."))
    return redirect(session.get_absolute_url())


@login_required
@require_POST
def session_record(request: PersonRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)
    if session.trainer_id != request.user.pk:
        policy.require(request.user, Permission.TRAINING_MANAGE, session)
    came = {int(key) for key in request.POST.getlist("came") if key.isdecimal() and len(key) < 19}
    return _act(request, session, record_attendance, _("Recorded. Whoever came has a certificate."), came=came)


def _act(
    request: PersonRequest, session: TrainingSession, verb: Callable[..., Any], told: str, **facts: Any
) -> HttpResponse:
    form = ActionForm(request.POST)
    if form.is_valid() and form.carry_out(verb, session=session, by=request.user, **facts) is not None:
        messages.success(request, told)
        return redirect(session.get_absolute_url())
    return _page(request, session, act=form)


@login_required
@require_POST
def session_call_off(request: PersonRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)
    policy.require(request.user, Permission.TRAINING_MANAGE, session)
    form = ReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(call_off_session, session=session, by=request.user, **form.cleaned_data) is not None
    ):
        messages.success(request, _("The session is called off."))
        return redirect(session.get_absolute_url())
    return _page(request, session, call_off=form)
