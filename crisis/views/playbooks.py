from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from crisis import actions
from crisis.enums import Phase
from crisis.forms import PlaybookForm
from crisis.models import Playbook
from crisis.queries import by_phase, visible_playbooks
from organisation.enums import Permission
from organisation.long_forms import written
from organisation.models import Person
from organisation.policy import allows, allows_anywhere, require_anywhere
from organisation.queries import latest_events
from organisation.views.once import once, once_a_change


def _asker(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _found(request: HttpRequest, pk: int) -> Playbook:
    return get_object_or_404(visible_playbooks(_asker(request)), pk=pk)


@login_required
@require_safe
def playbook_detail(request: HttpRequest, pk: int) -> HttpResponse:
    person, playbook = _asker(request), _found(request, pk)
    facts = {
        "playbook": playbook,
        "phases": by_phase(playbook.items.all()),
        "may_edit": allows(person, Permission.PLAYBOOK_WRITE, playbook),
        "may_declare": allows_anywhere(person, Permission.CRISIS_LEAD),
        "story": latest_events(playbook),
    }
    return render(request, "crisis/playbook_detail.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def playbook_new(request: HttpRequest) -> HttpResponse:
    person = _asker(request)
    require_anywhere(person, Permission.PLAYBOOK_WRITE)
    form = PlaybookForm(*written(request, PlaybookForm), person=person, initial={"unit": person.unit_id})
    if form.is_valid():
        unit = form.cleaned_data["unit"]
        if playbook := form.carry_out(actions.create_playbook, unit=unit, by=person, **form.facts()):
            return redirect("crisis:playbook_detail", pk=playbook.pk)
    return render(request, "crisis/playbook_form.html", {"form": form}, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once_a_change
def playbook_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person, playbook = _asker(request), _found(request, pk)
    if not allows(person, Permission.PLAYBOOK_WRITE, playbook):
        raise PermissionDenied
    form = PlaybookForm(
        *written(request, PlaybookForm, playbook), person=person, playbook=playbook, initial=_as_written(playbook)
    )
    if form.is_valid():
        facts = {**form.facts(), "edition": form.cleaned_data["edition"]}
        if form.carry_out(actions.update_playbook, playbook=playbook, by=person, **facts) is not None:
            return redirect("crisis:playbook_detail", pk=playbook.pk)
    return render(request, "crisis/playbook_form.html", {"form": form, "playbook": playbook}, status=form.status)


def _as_written(playbook: Playbook) -> dict[str, Any]:
    lines: dict[str, list[str]] = {phase: [] for phase in Phase.values}
    for group in by_phase(playbook.items.all()):
        lines[group.phase.value] = [item.text for item in group.steps]
    steps = {phase: "\n".join(texts) for phase, texts in lines.items()}
    return {"title": playbook.title, "summary": playbook.summary, "edition": playbook.edition, **steps}
