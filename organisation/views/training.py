"""Trainings: the catalogue, one training with its questions, certificates, and how far each unit is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import end_training, take_training
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.forms.training import TrainingStartForm, TrainingWriting
from organisation.long_forms import LongForm, written
from organisation.models import TrainingModule, Unit
from organisation.queries import latest_events
from organisation.queries.training import (
    IN_ORDER,
    PEOPLE,
    asked_of,
    certificates_of,
    completion,
    levels,
    newest_certificate,
    people_of,
    visible_sessions,
    visible_trainings,
)
from organisation.training import TrainingKind
from organisation.views.once import once, once_a_change


class TrainingForm(TrainingWriting, LongForm):
    kept_as = "training"
    version_field = "edition"


def _module(request: PersonRequest, pk: int) -> TrainingModule:
    return get_object_or_404(visible_trainings(request.user), pk=pk)


@login_required
@require_GET
def training_list(request: PersonRequest) -> HttpResponse:
    page = IN_ORDER.page(visible_trainings(request.user).filter(ended_at=None), request.GET.get("page", ""))
    mine: dict[int, Any] = {}
    for one in certificates_of(request.user).filter(module__in=page.rows):
        mine.setdefault(one.module_id, one)
    asked = set(asked_of(request.user).values_list("pk", flat=True))
    facts = {
        "page": page,
        "rows": [(module, mine.get(module.pk), module.pk in asked) for module in page.rows],
        "now": database_now(),
        "may_make": policy.allows_anywhere(request.user, Permission.TRAINING_MANAGE),
        "may_see_figures": policy.allows_anywhere(request.user, Permission.TRAINING_VIEW),
    }
    return render(request, "organisation/training_list.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
@once
def training_new(request: PersonRequest) -> HttpResponse:
    """First for which unit and of which kind; then, with both in the address, all else."""
    policy.require_anywhere(request.user, Permission.TRAINING_MANAGE)
    start = TrainingStartForm(request.GET or None, person=request.user)
    if not (request.GET.get("unit") and start.is_valid()):
        return render(request, "organisation/training_start.html", {"form": start}, status=422 if start.errors else 200)
    told: dict[str, Any] = start.cleaned_data
    form = TrainingForm(*written(request, TrainingForm), **told)
    if form.is_valid() and (module := form.save(request.user)):
        messages.success(request, _("The training is there."))
        return redirect(module.get_absolute_url())
    return _editing(request, form, unit=told["unit"], kind_label=TrainingKind(told["kind"]).label)


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def training_edit(request: PersonRequest, pk: int) -> HttpResponse:
    module = _module(request, pk)
    policy.require(request.user, Permission.TRAINING_MANAGE, module)
    if request.method == "GET" and not module.is_given:
        return redirect(module.get_absolute_url())
    form = TrainingForm(*written(request, TrainingForm, module), unit=module.unit, kind=module.kind, module=module)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Saved."))
        return redirect(module.get_absolute_url())
    return _editing(request, form, unit=module.unit, kind_label=module.get_kind_display(), module=module)


def _editing(request: PersonRequest, form: TrainingForm, **facts: Any) -> HttpResponse:
    return render(request, "organisation/training_edit.html", {"form": form, **facts}, status=form.status)


@login_required
@require_GET
def training_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return training_page(request, _module(request, pk))


def training_page(request: PersonRequest, module: TrainingModule, **refused: Any) -> HttpResponse:
    """With the form that was refused, and 422, where one was."""
    person = request.user
    certificate = newest_certificate(person, module)
    given = refused.get("take")
    facts: dict[str, Any] = {
        "module": module,
        "certificate": certificate,
        "is_valid": certificate is not None and certificate.is_valid_at(database_now()),
        "questions": [_asked(place, one, given) for place, one in enumerate(module.asked)] if module.is_given else [],
        "may_manage": policy.allows(person, Permission.TRAINING_MANAGE, module),
        "may_see_figures": policy.allows_anywhere(person, Permission.TRAINING_VIEW),
        "sessions": []
        if module.is_on_demand
        else visible_sessions(person).filter(module=module).order_by("-starts_at")[:20],
        "story": latest_events(module, 30),
        "refused": refused,
        "end_form": refused.get("end"),
    }
    return render(request, "organisation/training_detail.html", facts, status=422 if refused else 200)


def _asked(place: int, question: Any, form: ActionForm | None) -> dict[str, Any]:
    chosen = form.data.get(f"answer_{place}", "") if form else ""
    answers = [(str(number), words, str(number) == chosen) for number, words in enumerate(question.answers)]
    return {"place": place, "asks": question.asks, "answers": answers}


@login_required
@require_POST
@once
def training_take(request: PersonRequest, pk: int) -> HttpResponse:
    module = _module(request, pk)
    form = ActionForm(request.POST)
    given = {
        place: int(chosen)
        for place in range(len(module.asked))
        if (chosen := request.POST.get(f"answer_{place}", "")).isdecimal() and len(chosen) < 4
    }
    edition = request.POST.get("edition", "")
    told = {"given": given, "edition": int(edition) if edition.isdecimal() and len(edition) < 9 else 0}
    if form.is_valid() and (done := form.carry_out(take_training, module=module, by=request.user, **told)):
        messages.success(request, _("Passed. Your certificate has the number %(number)s.") % {"number": done.number})
        return redirect("organisation:my_certificates")
    return training_page(request, module, take=form)


@login_required
@require_POST
def training_end(request: PersonRequest, pk: int) -> HttpResponse:
    module = _module(request, pk)
    policy.require(request.user, Permission.TRAINING_MANAGE, module)
    form = ReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(end_training, module=module, by=request.user, **form.cleaned_data) is not None
    ):
        messages.success(request, _("The training is no longer given. Certificates stand."))
        return redirect(reverse("organisation:training_list"))
    return training_page(request, module, end=form)


@login_required
@require_GET
def my_certificates(request: PersonRequest) -> HttpResponse:
    facts = {"certificates": certificates_of(request.user), "asked": asked_of(request.user), "now": database_now()}
    return render(request, "organisation/my_certificates.html", facts)


@login_required
@require_GET
def training_completion(request: PersonRequest, pk: int) -> HttpResponse:
    """How far each level and each unit is; of one unit who has a valid certificate and who has not."""
    module = _module(request, pk)
    policy.require_anywhere(request.user, Permission.TRAINING_VIEW)
    rows = completion(module, request.user)
    facts: dict[str, Any] = {"module": module, "rows": rows, "levels": levels(rows)}
    facts |= {"asked": sum(row.asked for row in rows), "done": sum(row.done for row in rows)}
    chosen: Unit | None = next((row.unit for row in rows if str(row.unit.pk) == request.GET.get("unit")), None)
    if chosen is not None:
        page = PEOPLE.page(people_of(module, chosen), request.GET.get("page", ""))
        facts |= {"unit": chosen, "page": page}
    return render(request, "organisation/training_completion.html", facts)
