"""Conditions of the committee: reported as met, confirmed, sent back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts_registry import actions
from accounts_registry.enums import CONDITION_LIFECYCLE
from accounts_registry.queries import visible_dossiers
from accounts_registry.queries.conditions import visible_conditions
from accounts_registry.views.dossiers import dossier_answer
from organisation import policy
from organisation.forms import ActionForm, PersonRequest, ReasonForm

# Verb → (action, what its reason is called there, what the page says afterwards).
ACTS: dict[str, tuple[Any, str, Any]] = {
    "report": (actions.report_condition, "evidence", _("Reported: the committee's chair looks at it.")),
    "confirm": (actions.confirm_condition, "", _("The condition is met.")),
    "send_back": (actions.send_condition_back, "reason", _("The condition is open again.")),
}


@login_required
@require_POST
def condition_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    condition = get_object_or_404(visible_conditions(request.user), pk=pk)
    permission = CONDITION_LIFECYCLE.permission_for(verb, condition)
    assert permission is not None
    policy.require(request.user, permission, condition)
    action, reason, done = ACTS[verb]
    form = ReasonForm(request.POST) if reason else ActionForm(request.POST)
    dossier = visible_dossiers(request.user).get(pk=condition.decision.dossier_id)
    if form.is_valid():
        told = {reason: form.cleaned_data["reason"]} if reason else {}
        if verb != "report":
            told["seen"] = request.POST.get("content_hash", "")
        if form.carry_out(action, condition=condition, by=request.user, **told):
            messages.success(request, done)
            return redirect("accounts_registry:dossier_detail", dossier.pk)
    return dossier_answer(request, dossier, refused={f"condition-{pk}": form})
