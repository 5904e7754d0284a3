"""ICT/security advises on a dossier, with the evidence in sight."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts_registry.forms import AdviceForm
from accounts_registry.models import JustificationDossier
from accounts_registry.queries import visible_dossiers
from accounts_registry.queries.advice import ADVISED_IN, advice_on
from accounts_registry.queries.evidence import evidence
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.long_forms import written
from organisation.views.once import once


@login_required
@require_http_methods(["GET", "POST"])
@once
def dossier_advise(request: PersonRequest, pk: int) -> HttpResponse:
    dossier: JustificationDossier = get_object_or_404(visible_dossiers(request.user), pk=pk)
    policy.require(request.user, Permission.DOSSIER_ADVISE, dossier)
    if request.method == "GET" and (dossier.state not in ADVISED_IN or advice_on(dossier)):
        return redirect("accounts_registry:dossier_detail", pk)
    form = AdviceForm(*written(request, AdviceForm, dossier), dossier=dossier)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Your advice is with the committee."))
        return redirect("accounts_registry:dossier_detail", pk)
    facts = {"form": form, "dossier": dossier, "sections": evidence(dossier)}
    return render(request, "accounts_registry/dossier_advise.html", facts, status=form.status)
