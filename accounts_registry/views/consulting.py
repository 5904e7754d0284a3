"""The services concerned are heard on a dossier."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts_registry.forms import ConsultForm, OpinionForm
from accounts_registry.models import Consultation, JustificationDossier
from accounts_registry.queries import visible_dossiers
from accounts_registry.queries.consulting import against_answering, visible_consultations
from accounts_registry.queries.evidence import evidence
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.long_forms import written
from organisation.views.once import once


@login_required
@require_http_methods(["GET", "POST"])
@once
def dossier_consult(request: PersonRequest, pk: int) -> HttpResponse:
    dossier: JustificationDossier = get_object_or_404(visible_dossiers(request.user), pk=pk)
    policy.require(request.user, Permission.DOSSIER_CHECK, dossier)
    form = ConsultForm(request.POST or None, dossier=dossier)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("The services are asked."))
        return redirect("accounts_registry:dossier_detail", pk)
    facts = {"form": form, "dossier": dossier}
    return render(request, "accounts_registry/dossier_consult.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
@once
def consultation_answer(request: PersonRequest, pk: int) -> HttpResponse:
    consultation: Consultation = get_object_or_404(visible_consultations(request.user), pk=pk)
    policy.require(request.user, Permission.DOSSIER_WRITE, consultation)
    if request.method == "GET" and (why := next(against_answering(request.user, consultation), None)):
        raise PermissionDenied(why)
    form = OpinionForm(*written(request, OpinionForm, consultation), consultation=consultation)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Your service's opinion is with the committee."))
        return redirect("today")
    dossier = consultation.dossier
    facts = {"form": form, "consultation": consultation, "dossier": dossier, "sections": evidence(dossier)}
    return render(request, "accounts_registry/consultation_answer.html", facts, status=form.status)
