"""Asking the committee about an account that stands: from the account's page, in one step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts_registry.forms import RequestForm
from accounts_registry.forms.requests import KINDS
from accounts_registry.models import JustificationDossier
from accounts_registry.queries.requests import ALIVE_STATES
from accounts_registry.views.accounts import visible_account
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.long_forms import written
from organisation.views.once import once_apart_from


@login_required
@require_http_methods(["GET", "POST"])
@once_apart_from("later")
def account_request(request: PersonRequest, pk: int, kind: str) -> HttpResponse:
    account = visible_account(request, pk)
    policy.require(request.user, Permission.DOSSIER_WRITE, account)
    if kind not in KINDS:
        raise Http404
    if request.method == "GET" and account.state not in ALIVE_STATES:
        return redirect("accounts_registry:account_detail", pk)
    later = "later" in request.POST
    bound = written(request, RequestForm, account)
    form = RequestForm(*bound, account=account, kind=kind, person=request.user, later=later)
    return _answer(request, form, None)


def request_step(request: PersonRequest, dossier: JustificationDossier) -> HttpResponse:
    """The same of a request that is begun."""
    assert dossier.about is not None
    facts: dict[str, Any] = {"account": dossier.about, "kind": dossier.request_type, "dossier": dossier}
    facts["person"] = request.user
    form = RequestForm(*written(request, RequestForm, dossier), later="later" in request.POST, **facts)
    return _answer(request, form, dossier)


def _answer(request: PersonRequest, form: RequestForm, dossier: JustificationDossier | None) -> HttpResponse:
    if form.is_valid() and (saved := form.save()):
        messages.success(request, _("Saved."))
        return redirect("accounts_registry:dossier_detail", saved.pk)
    facts = {
        "form": form,
        "account": form.account,
        "dossier": dossier,
        "thing": dossier or form.account,
        "asking": KINDS[form.kind],
    }
    return render(request, "accounts_registry/account_request.html", facts, status=form.status)
