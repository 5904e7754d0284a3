from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry import actions
from accounts_registry.enums import DOSSIER_LIFECYCLE, RequestType
from accounts_registry.forms import STEPS, CommentForm, DecisionForm, DossierFilter, DossierStepForm, VoteForm
from accounts_registry.models import JustificationDossier
from accounts_registry.queries import visible_dossiers
from accounts_registry.queries.dossiers import missing
from accounts_registry.queries.similar import similar_to
from accounts_registry.questionnaire import QUESTIONS, SECTIONS
from accounts_registry.questionnaire.requests import SECTION
from accounts_registry.views.dossier_page import dossier_page
from accounts_registry.views.requests import request_step
from organisation import policy
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.long_forms import taken_up, written
from organisation.queries import Keyset, looked_at
from organisation.views.once import once_a_change, once_apart_from

# Verb → (action, whether it asks why, what the page says afterwards).
ACTS: dict[str, tuple[Any, bool, Any]] = {
    "submit": (actions.submit_dossier, False, _("The dossier is submitted.")),
    "accept": (actions.accept_dossier, False, _("The committee may vote now.")),
    "return": (actions.return_dossier, True, _("The dossier is back with its authors.")),
    "defer": (actions.defer_dossier, True, _("The dossier is put off.")),
    "resume": (actions.resume_dossier, False, _("The committee may vote again.")),
    "appeal": (actions.appeal_dossier, True, _("The appeal is with the committee.")),
    "withdraw": (actions.withdraw_dossier, True, _("The dossier is withdrawn.")),
}

# What an approval has done, by what was asked for.
DONE = {
    RequestType.NEW.value: _("Approved: the account stands in the registry and can be connected."),
    RequestType.REGULARISE.value: _("Approved: the account stands in the registry and can be connected."),
    RequestType.RENAME.value: _("Approved: the account bears the new name once the network tells it."),
    RequestType.CHANGE_OWNER.value: _("Approved: the account is handed over."),
    RequestType.MERGE.value: _("Approved: the account is closing, and leads to the one that goes on."),
    RequestType.CLOSE.value: _("Approved: the account is closing."),
}
# Who does these does them to what they read: in another round its words may be others.
READ_FIRST = {"accept", "return", "defer", "resume", "withdraw"}

LATEST_FIRST = Keyset("", size=50)


@login_required
@require_GET
def dossier_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.DOSSIER_VIEW)
    form = DossierFilter(request.GET or None, auto_id="id_filter_%s")
    found, chosen = visible_dossiers(request.user), form.chosen()
    if unit := looked_at(request.user, request.session.get("unit")):
        found = found.filter(unit__path__startswith=unit.path)
    if chosen.get("state"):
        found = found.filter(state=chosen["state"])
    if chosen.get("request_type"):
        found = found.filter(request_type=chosen["request_type"])
    if chosen.get("network"):
        found = found.filter(platform=chosen["network"])
    page = LATEST_FIRST.page(found, request.GET.get("page", ""))
    may_ask = policy.allows_anywhere(request.user, Permission.DOSSIER_WRITE)
    facts = {"form": form, "page": page, "may_ask": may_ask}
    return render(request, "accounts_registry/dossier_list.html", facts)


def _dossier(request: PersonRequest, pk: int) -> JustificationDossier:
    return get_object_or_404(visible_dossiers(request.user), pk=pk)


def steps_of(dossier: JustificationDossier | None, current: str) -> list[dict[str, Any]]:
    """The flow's steps for the component; those of a dossier that does not exist yet lead nowhere."""
    if dossier is not None and not dossier.opens_an_account:
        return _steps_of_a_request(dossier, current)
    keys = [*STEPS, "summary"]
    open_steps = {question.section for question in (missing(dossier) if dossier else QUESTIONS)}
    answered = set(STEPS) - open_steps
    labels = {**{key: label for key, (label, _form) in STEPS.items()}, "summary": _("Check and submit")}
    return [
        {
            "label": labels[key],
            "url": _step_url(dossier, key) if dossier and key != current else "",
            "state": "current" if key == current else "done" if key in answered else "todo",
        }
        for key in keys
    ]


def _steps_of_a_request(dossier: JustificationDossier, current: str) -> list[dict[str, Any]]:
    labels = {SECTION: SECTIONS[SECTION], "summary": _("Check and submit")}
    done = "todo" if missing(dossier) else "done"
    return [
        {
            "label": label,
            "url": _step_url(dossier, key) if key != current else "",
            "state": "current" if key == current else done if key == SECTION else "todo",
        }
        for key, label in labels.items()
    ]


def _step_url(dossier: JustificationDossier, key: str) -> str:
    if key == "summary":
        return reverse("accounts_registry:dossier_detail", args=[dossier.pk])
    return reverse("accounts_registry:dossier_edit", args=[dossier.pk, key])


@login_required
@require_http_methods(["GET", "POST"])
@once_apart_from("later")
def dossier_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.DOSSIER_WRITE)
    return _step(request, None, "account")


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def dossier_edit(request: PersonRequest, pk: int, step: str) -> HttpResponse:
    dossier = _dossier(request, pk)
    policy.require(request.user, Permission.DOSSIER_WRITE, dossier)
    if step not in (STEPS if dossier.opens_an_account else (SECTION,)):
        raise Http404
    if request.method == "GET" and not dossier.is_editable:
        return redirect("accounts_registry:dossier_detail", pk)
    if not dossier.opens_an_account:
        return request_step(request, dossier)
    return _step(request, dossier, step)


def _step(request: PersonRequest, dossier: JustificationDossier | None, step: str) -> HttpResponse:
    later = "later" in request.POST
    make: type[DossierStepForm] = STEPS[step][1]
    form = make(*written(request, make, dossier), person=request.user, dossier=dossier, later=later)
    if form.is_valid() and (saved := form.save()):
        keys = [*STEPS, "summary"]
        messages.success(request, _("Saved."))
        return redirect(_step_url(saved, "summary" if later else keys[keys.index(step) + 1]))
    facts = {"form": form, "dossier": dossier, "steps": steps_of(dossier, step), "title": STEPS[step][0]}
    if step in ("account", "reasons"):
        facts |= {"shows_similar": True, "similar": similar_to(request.user, dossier) if dossier else []}
    return render(request, "accounts_registry/dossier_edit.html", facts, status=form.status)


@login_required
@require_GET
def dossier_detail(request: PersonRequest, pk: int) -> HttpResponse:
    dossier = _dossier(request, pk)
    form = CommentForm(*taken_up(request, CommentForm, dossier), dossier=dossier)
    return _page(request, dossier, 200, comment_form=form, comments_at=request.GET.get("page", ""))


def dossier_answer(request: PersonRequest, dossier: JustificationDossier, **given: Any) -> HttpResponse:
    """The dossier's page; with what was refused, and 422, where something was."""
    return _page(request, dossier, 422 if given else 200, **given)


def _page(request: PersonRequest, dossier: JustificationDossier, status: int, **given: Any) -> HttpResponse:
    facts = dossier_page(dossier, request.user, **given)
    if dossier.is_editable and facts["may_write"]:
        facts["steps"] = steps_of(dossier, "summary")
    return render(request, "accounts_registry/dossier_detail.html", facts, status=status)


@login_required
@require_POST
def dossier_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    dossier = _dossier(request, pk)
    permission = DOSSIER_LIFECYCLE.permission_for(verb, dossier)
    assert permission is not None
    policy.require(request.user, permission, dossier)
    action, asks_why, done = ACTS[verb]
    form = ReasonForm(request.POST) if asks_why else ActionForm(request.POST)
    seen = {"seen_round": _round_in(request)} if verb in READ_FIRST else {}
    if form.is_valid() and form.carry_out(action, dossier=dossier, by=request.user, **form.cleaned_data, **seen):
        messages.success(request, done)
        return redirect("accounts_registry:dossier_detail", pk)
    return dossier_answer(request, dossier, refused={verb: form})


def _round_in(request: PersonRequest) -> int:
    """That its page showed; without it nobody knows what was read, and 0 is none that was submitted."""
    told = request.POST.get("content_hash", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0


@login_required
@require_POST
def dossier_vote(request: PersonRequest, pk: int) -> HttpResponse:
    dossier = _dossier(request, pk)
    policy.require(request.user, Permission.DOSSIER_VOTE, dossier)
    form = VoteForm(request.POST)
    if form.is_valid() and form.save(dossier, request.user):
        messages.success(request, _("Your vote is recorded; you may change it until the decision."))
        return redirect("accounts_registry:dossier_detail", pk)
    return dossier_answer(request, _dossier(request, pk), vote_form=form)


@login_required
@require_POST
def dossier_decide(request: PersonRequest, pk: int) -> HttpResponse:
    dossier = _dossier(request, pk)
    policy.require(request.user, Permission.DOSSIER_DECIDE, dossier)
    form = DecisionForm(request.POST, dossier=dossier)
    if form.is_valid() and form.save(dossier, request.user):
        messages.success(request, DONE[dossier.request_type] if dossier.is_approved else _("Refused."))
        return redirect("accounts_registry:dossier_detail", pk)
    return dossier_answer(request, _dossier(request, pk), decision_form=form)
