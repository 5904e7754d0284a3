from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry.actions import close_account, disconnect_account, reactivate_account, suspend_account
from accounts_registry.enums import ACCOUNT_LIFECYCLE, Audience, ConnectionState
from accounts_registry.forms import ConnectForm, RegistryFilter
from accounts_registry.models import Account
from accounts_registry.queries import registry, visible_accounts
from organisation import policy
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import PersonRequest, ReasonForm
from organisation.queries import looked_at, story, visible_units

# Verb → (action, permission, what the page says afterwards).
ACTS: dict[str, tuple[Any, Permission, Any]] = {
    "disconnect": (disconnect_account, Permission.ACCOUNT_CONNECT, _("The account is disconnected.")),
    "suspend": (suspend_account, Permission.ACCOUNT_MANAGE, _("The account is suspended.")),
    "reactivate": (reactivate_account, Permission.ACCOUNT_MANAGE, _("The account is active again.")),
    "close": (close_account, Permission.ACCOUNT_MANAGE, _("The account is closed.")),
}
CONSEQUENCES = {
    "disconnect": _("Parvis forgets the credentials: nothing is sent or read until somebody connects it again."),
    "suspend": _("Nothing is sent from this account until somebody reactivates it. The connection stays."),
    "reactivate": _("Messages may be sent from this account again."),
    "close": _(
        "The account leaves the registry for the archive and its credentials are forgotten. There is no way back."
    ),
}


@login_required
@require_GET
def account_list(request: PersonRequest) -> HttpResponse:
    form = RegistryFilter(
        request.GET or None, auto_id="id_filter_%s", units=list(visible_units(request.user)), initial={"unit": ""}
    )
    chosen = form.chosen()
    if "unit" not in chosen and (unit := looked_at(request.user, request.session.get("unit"))):
        chosen["unit"] = unit.slug
    accounts = registry(request.user, **chosen)
    unpaired = [account for account in accounts if account.state != "archived" and account.missing_languages]
    facts = {"form": form, "accounts": accounts, "unpaired": unpaired, **_may(request)}
    return render(request, "accounts_registry/account_list.html", facts)


def _may(request: PersonRequest) -> dict[str, bool]:
    return {"may_ask": policy.allows_anywhere(request.user, Permission.DOSSIER_WRITE)}


def _account(request: PersonRequest, pk: int) -> Account:
    return get_object_or_404(visible_accounts(request.user).select_related("unit", "dossier", "pair__unit"), pk=pk)


@login_required
@require_GET
def account_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _account(request, pk))


def _page(
    request: PersonRequest, account: Account, refused: dict[str, ReasonForm] | None = None, status: int = 200
) -> HttpResponse:
    person = request.user
    verbs = [(edge.name, edge.label) for edge in offered(ACCOUNT_LIFECYCLE, account, person)]
    may_connect = policy.allows(person, Permission.ACCOUNT_CONNECT, account)
    if may_connect and account.connection_state != ConnectionState.DISCONNECTED:
        verbs.insert(0, ("disconnect", _("Disconnect this account")))
    acts = [
        {"verb": verb, "label": label, "explain": CONSEQUENCES[verb], "form": (refused or {}).get(verb)}
        for verb, label in verbs
    ]
    facts = {"account": account, "acts": acts, "may_connect": may_connect, "story": story(account)[:30]}
    facts["audiences"] = [Audience(key).label for key in account.audiences]
    facts["may_see_dossier"] = policy.allows(person, Permission.DOSSIER_VIEW, account)
    return render(request, "accounts_registry/account_detail.html", facts, status=status)


@login_required
@require_POST
def account_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    account = _account(request, pk)
    action, permission, done = ACTS[verb]
    policy.require(request.user, permission, account)
    form = ReasonForm(request.POST)
    if form.is_valid() and form.carry_out(action, account=account, by=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect("accounts_registry:account_detail", pk)
    return _page(request, account, {verb: form}, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def account_connect(request: PersonRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    policy.require(request.user, Permission.ACCOUNT_CONNECT, account)
    form = ConnectForm(request.POST or None, account=account)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("%(account)s is connected.") % {"account": account.label})
        return redirect("accounts_registry:account_detail", pk)
    status = 422 if form.is_bound else 200
    return render(request, "accounts_registry/account_connect.html", {"account": account, "form": form}, status=status)
