"""Connecting an account: by what a person types in, or by agreeing on the network's own page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry.actions import Visit, claim_consent, finish_consent
from accounts_registry.enums import NEED_WORDS, AccessPurpose, ConnectionState
from accounts_registry.forms import ConnectForm, ConsentForm
from accounts_registry.models import Account
from accounts_registry.queries import consent_offered, grants_apart, network_app, standing, visible_accounts
from networks.catalogue import NETWORKS, Purpose
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.lifecycle import Refused


def _account(request: PersonRequest, pk: int) -> Account:
    account = get_object_or_404(visible_accounts(request.user).select_related("dossier"), pk=pk)
    policy.require(request.user, Permission.ACCOUNT_CONNECT, account)
    return account


@login_required
@require_http_methods(["GET", "POST"])
def account_connect(request: PersonRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = ConnectForm(request.POST or None, account=account)
    if form.is_valid() and NETWORKS[account.network].fields and form.save(request.user):
        messages.success(request, _("%(account)s is connected.") % {"account": account.label})
        return redirect("accounts_registry:account_detail", pk)
    return _page(request, account, form=form, status=422 if form.is_bound else 200)


@login_required
@require_POST
@never_cache
def consent_begin(request: PersonRequest, pk: int) -> HttpResponse:
    """A page with the way to the network: our content policy lets no form lead elsewhere, and people see where to."""
    account = _account(request, pk)
    form = ConsentForm(request.POST, account=account)
    back = request.build_absolute_uri(reverse("accounts_registry:consent_back"))
    if form.is_valid() and (url := form.begin(request.user, _visit(request), back)):
        facts = {"account": account, "url": url, "host": urlsplit(url).netloc}
        return render(request, "accounts_registry/consent_go.html", facts)
    return _page(request, account, consent_form=form, status=422)


@login_required
@require_GET
@never_cache
def consent_back(request: PersonRequest) -> HttpResponse:
    """Where the network sends a person back to, with a code or with a no."""
    policy.require_anywhere(request.user, Permission.ACCOUNT_CONNECT)
    told = {name: request.GET.get(name, "") for name in ("state", "code", "error", "iss")}
    try:
        pending = claim_consent(state=told["state"], by=request.user, visit=_visit(request))
    except Refused as refused:
        return _refused(request, refused, redirect("accounts_registry:account_list"))
    here = redirect("accounts_registry:account_detail", pending.account_id)
    try:
        account = finish_consent(
            pending=pending, by=request.user, code=told["code"], error=told["error"], issuer=told["iss"]
        )
    except Refused as refused:
        return _refused(request, refused, here)
    if account.connection_state == ConnectionState.CONNECTED:
        messages.success(request, _("%(account)s is connected.") % {"account": account.label})
    else:
        messages.warning(request, _("%(account)s is half connected: see what is missing.") % {"account": account.label})
    return here


def _refused(request: PersonRequest, refused: Refused, there: HttpResponse) -> HttpResponse:
    for sentence in refused.reasons:
        messages.error(request, sentence)
    return there


def _visit(request: PersonRequest) -> Visit:
    return Visit(session=request.session.session_key or "", host=request.get_host())


def _page(
    request: PersonRequest,
    account: Account,
    *,
    form: ConnectForm | None = None,
    consent_form: ConsentForm | None = None,
    status: int,
) -> HttpResponse:
    network = NETWORKS[account.network]
    facts: dict[str, Any] = {"account": account, "network": network, "standing": standing(account)}
    facts["form"] = (form or ConnectForm(account=account)) if network.fields else None
    facts["has_consent"], facts["offered"] = bool(network.consent), consent_offered(account.network)
    facts["consent_form"] = consent_form or ConsentForm(account=account)
    facts["scopes"] = _scopes(account.network)
    facts["apart"] = grants_apart(account.network)
    return render(request, "accounts_registry/account_connect.html", facts, status=status)


def _scopes(key: str) -> list[dict[str, Any]]:
    """Each permission that is asked for: why, and in which of the narrower consents; the whole one asks for all."""
    return [
        {
            "name": scope.name,
            "needs": [NEED_WORDS[need] for need in scope.needs],
            "purposes": [AccessPurpose(one.value).label for one in scope.purposes if one is not Purpose.ALL],
        }
        for scope in NETWORKS[key].asked(Purpose.ALL, network_app(key))
    ]
