from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crisis import actions
from crisis.enums import CRISIS_LIFECYCLE, CrisisState
from crisis.forms import DeclareForm, FreezeForm, NoteForm, ReasonForm
from crisis.models import Crisis, CrisisStep
from crisis.queries import (
    by_phase,
    crises_told,
    done_in_phase,
    freeze_of,
    visible_crises,
    visible_playbooks,
    what_came_between,
)
from delivery.policy import against_lifting, may_lift
from delivery.queries import active_holds
from organisation.actions import offered
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import wants_part
from organisation.lifecycle import Conflict
from organisation.long_forms import written
from organisation.models import Person
from organisation.policy import allows, allows_anywhere, require, require_anywhere
from organisation.queries import Keyset, latest_events
from organisation.views.once import once

LATEST_FIRST = Keyset("declared_at", size=20)
STILL_DONE = gettext_lazy(
    "You marked this as done a moment ago, so a second click takes nothing back. If it is not done after all, say so "
    "once more."
)
A_MOMENT = timedelta(seconds=2)  # longer than between the two clicks of a slow double click


def _asker(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _found(request: HttpRequest, pk: int) -> Crisis:
    return get_object_or_404(visible_crises(_asker(request)), pk=pk)


def _found_step(request: HttpRequest, pk: int) -> CrisisStep:
    seen = visible_crises(_asker(request)).values("pk")
    return get_object_or_404(CrisisStep.objects.select_related("crisis", "crisis__unit"), pk=pk, crisis__in=seen)


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = _asker(request)
    require_anywhere(person, Permission.CRISIS_VIEW)
    crises = visible_crises(person)
    facts = {
        "running": crises.filter(state=CrisisState.DECLARED),
        "past": LATEST_FIRST.page(crises.filter(state=CrisisState.ENDED), request.GET.get("page", "")),
        "playbooks": visible_playbooks(person),
        "holds": active_holds(person),
        "may_write": allows_anywhere(person, Permission.PLAYBOOK_WRITE),
        "may_declare": allows_anywhere(person, Permission.CRISIS_LEAD),
        "may_freeze": allows_anywhere(person, Permission.HOLD_PLACE),
    }
    return render(request, "crisis/home.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    person = _asker(request)
    playbook = get_object_or_404(visible_playbooks(person), pk=pk)
    require_anywhere(person, Permission.CRISIS_LEAD)
    form = DeclareForm(*written(request, DeclareForm, playbook), person=person, playbook=playbook)
    if form.is_valid() and (
        crisis := form.carry_out(actions.declare_crisis, playbook=playbook, by=person, **form.cleaned_data)
    ):
        return redirect("crisis:crisis_detail", pk=crisis.pk)
    return render(request, "crisis/declare.html", {"form": form, "playbook": playbook}, status=form.status)


def _show(request: HttpRequest, crisis: Crisis, *, status: int = 200, **forms: Any) -> HttpResponse:
    person = _asker(request)
    hold = freeze_of(crisis)
    facts = {
        "crisis": crisis,
        "phases": by_phase(crisis.steps.select_related("done_by")),
        "log": crisis.log.select_related("by"),
        "hold": hold,
        "may_lead": crisis.is_running and allows(person, Permission.CRISIS_LEAD, crisis),
        "may_freeze": allows(person, Permission.HOLD_PLACE, crisis),
        "may_thaw": hold is not None and may_lift(person, hold),
        "why_not_thaw": hold and allows(person, Permission.HOLD_LIFT, crisis) and against_lifting(person, hold),
        "offered": {edge.name for edge in offered(CRISIS_LIFECYCLE, crisis, person)},
        "story": latest_events(crisis),
        "note_form": NoteForm(),
        "freeze_form": FreezeForm(initial={"reason": crisis.reason[:500]}),
        "thaw_form": ReasonForm(),
        "end_form": ReasonForm(),
    }
    return render(request, "crisis/crisis_detail.html", facts | forms, status=status)


@login_required
@require_safe
def crisis_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it for whoever sees it; for whom it was told from above, what they were told, and what it freezes."""
    found = visible_crises(_asker(request)).filter(pk=pk).first()
    if found is not None:
        return _show(request, found)
    told = get_object_or_404(crises_told(_asker(request)), pk=pk)
    return render(request, "crisis/crisis_told.html", {"crisis": told, "hold": freeze_of(told)})


def _work(request: HttpRequest, step: CrisisStep, act: Callable[..., CrisisStep]) -> HttpResponse:
    """Does `act` to the step. A script gets the step alone, with who was there before where somebody was."""
    if not wants_part(request):
        act(step=step, by=_asker(request))
        return redirect("crisis:crisis_detail", pk=step.crisis_id)
    try:
        return _show_step(request, act(step=step, by=_asker(request)))
    except Conflict:
        now = _found_step(request, step.pk)
        return _show_step(request, now, conflict=True, meanwhile=what_came_between(now))


def _show_step(request: HttpRequest, step: CrisisStep, **told: Any) -> HttpResponse:
    done, number = done_in_phase(step)
    may_lead = step.crisis.is_running and allows(_asker(request), Permission.CRISIS_LEAD, step)
    facts = {"step": step, "may_lead": may_lead, "done": done, "all": number}
    return render(request, "crisis/_ticked.html", facts | told, status=409 if "conflict" in told else 200)


@login_required
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    step = _found_step(request, pk)
    return _work(request, step, actions.tick_step)


@login_required
@require_POST
def untick(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did the step a moment ago and sends this clicked twice: both buttons stand in one place."""
    step = _found_step(request, pk)
    if step.done_by_id != request.user.pk or step.done_at is None or step.done_at <= database_now() - A_MOMENT:
        return _work(request, step, actions.untick_step)
    if wants_part(request):
        return _show_step(request, step, still_done=STILL_DONE)
    messages.info(request, STILL_DONE)
    return redirect("crisis:crisis_detail", pk=step.crisis_id)


@login_required
@require_POST
@once
def note(request: HttpRequest, pk: int) -> HttpResponse:
    crisis = _found(request, pk)
    require(_asker(request), Permission.CRISIS_LEAD, crisis)
    form = NoteForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(actions.add_note, crisis=crisis, by=_asker(request), text=form.cleaned_data["text"])
        is not None
    ):
        return redirect("crisis:crisis_detail", pk=crisis.pk)
    return _show(request, crisis, status=422, note_form=form)


@login_required
@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    crisis = _found(request, pk)
    require(_asker(request), Permission.CRISIS_LEAD, crisis)
    form = FreezeForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(actions.freeze, crisis=crisis, by=_asker(request), **form.cleaned_data) is not None
    ):
        messages.success(request, _("Publishing is frozen."))
        return redirect("crisis:crisis_detail", pk=crisis.pk)
    return _show(request, crisis, status=422, freeze_form=form)


@login_required
@require_POST
def thaw(request: HttpRequest, pk: int) -> HttpResponse:
    crisis = _found(request, pk)
    require(_asker(request), Permission.CRISIS_LEAD, crisis)
    form = ReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(actions.thaw, crisis=crisis, by=_asker(request), **form.cleaned_data) is not None
    ):
        messages.success(request, _("The freeze is lifted."))
        return redirect("crisis:crisis_detail", pk=crisis.pk)
    return _show(request, crisis, status=422, thaw_form=form)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    crisis = _found(request, pk)
    require(_asker(request), Permission.CRISIS_LEAD, crisis)
    form = ReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(actions.end_crisis, crisis=crisis, by=_asker(request), **form.cleaned_data) is not None
    ):
        messages.success(request, _("It is over."))
        return redirect("crisis:crisis_detail", pk=crisis.pk)
    return _show(request, crisis, status=422, end_form=form)
