"""The acts in the life of an account that need more than a reason: changed, handed over, renewed; confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts_registry.actions import confirm_account
from accounts_registry.enums import AccountState
from accounts_registry.forms import EditionForm, FactsForm, HandOverForm, LifeForm, RenewForm
from accounts_registry.policy import require_holder
from accounts_registry.views.accounts import visible_account
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.long_forms import written
from organisation.views.once import once, once_a_change


@dataclass(frozen=True)
class Page:
    """One act as its page says it."""

    form: type[LifeForm]
    title: str | Promise
    lede: str | Promise
    act: str | Promise
    done: str | Promise
    look: str = "primary"
    ended: tuple[str, ...] = (AccountState.ARCHIVED,)  # states in which there is nothing to do here any more


FACTS = Page(
    FactsForm,
    _("Change the facts"),
    _("Network, name and unit stay as the committee approved them: another one needs another dossier."),
    _("Save the changes"),
    _("The facts are changed."),
)
HAND_OVER = Page(
    HandOverForm,
    _("Hand the account over"),
    _("All who answered for it and all who do from now on are told. Whoever is new is asked to say that they do."),
    _("Hand it over"),
    _("The account is handed over."),
)
RENEW = Page(
    RenewForm,
    _("Renew the account"),
    _("Look at what came of it, and say until when it goes on."),
    _("Renew this account"),
    _("The account is renewed."),
    ended=(AccountState.CLOSING, AccountState.ARCHIVED),
)


def life_page(request: PersonRequest, pk: int, page: Page) -> HttpResponse:
    account = visible_account(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
    if request.method == "GET" and account.state in page.ended:
        return redirect("accounts_registry:account_detail", pk)
    form: Any = page.form(*written(request, page.form, account), account=account, person=request.user)
    if form.is_valid() and form.save():
        messages.success(request, str(page.done))
        return redirect("accounts_registry:account_detail", pk)
    facts = {"form": form, "account": account, "page": page}
    return render(request, "accounts_registry/account_life.html", facts, status=form.status)


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def account_edit(request: PersonRequest, pk: int) -> HttpResponse:
    return life_page(request, pk, FACTS)


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def account_hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    return life_page(request, pk, HAND_OVER)


@login_required
@require_http_methods(["GET", "POST"])
@once
def account_renew(request: PersonRequest, pk: int) -> HttpResponse:
    return life_page(request, pk, RENEW)


@login_required
@require_POST
def account_confirm(request: PersonRequest, pk: int) -> HttpResponse:
    account = visible_account(request, pk)
    require_holder(request.user, account)
    read = EditionForm(request.POST)
    # No facts are of edition 0: a form that does not say what its page showed confirms nothing.
    confirm_account(account=account, by=request.user, edition=read.cleaned_data["edition"] if read.is_valid() else 0)
    messages.success(request, _("Noted: the facts are right today."))
    return redirect("accounts_registry:account_detail", pk)
