"""The end of an account: how it begins, the steps of its exit plan, and the last act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts_registry.enums import AccountState
from accounts_registry.forms import ArchiveForm, CloseForm, ExitStepBackForm, ExitStepForm
from accounts_registry.views.accounts import account_page, visible_account
from accounts_registry.views.life import Page, life_page
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.views.once import once

CLOSE = Page(
    CloseForm,
    _("Close the account"),
    _(
        "From now on nothing new is scheduled, and the public register says that it closes. Its people then work "
        "through the exit plan; with the last step it is archived. There is no way back."
    ),
    _("Begin to close this account"),
    _("The account is closing. Its exit plan says what is left to do."),
    look="outline-danger",
    ended=(AccountState.CLOSING, AccountState.ARCHIVED),
)


@login_required
@require_http_methods(["GET", "POST"])
@once
def account_begin_closing(request: PersonRequest, pk: int) -> HttpResponse:
    return life_page(request, pk, CLOSE)


def _act(request: PersonRequest, pk: int, form: Any, done: Any, place: str = "#closing") -> HttpResponse:
    """What `form` says is done to the account, or its page says why not."""
    account = visible_account(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
    if form.is_valid() and form.save(account, request.user):
        messages.success(request, done)
        return redirect(reverse("accounts_registry:account_detail", args=[pk]) + place)
    return account_page(request, account, closing_refused=form, status=422)


@login_required
@require_POST
def exit_step(request: PersonRequest, pk: int) -> HttpResponse:
    """Ticks a step of the exit plan."""
    return _act(request, pk, ExitStepForm(request.POST), _("The step is done."))


@login_required
@require_POST
def exit_step_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes a step back: it is not done after all."""
    return _act(request, pk, ExitStepBackForm(request.POST), _("The step is to be done again."))


@login_required
@require_POST
def account_close(request: PersonRequest, pk: int) -> HttpResponse:
    return _act(request, pk, ArchiveForm(request.POST), _("The account is closed."), place="")
