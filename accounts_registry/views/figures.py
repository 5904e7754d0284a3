"""The dated figures of an account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts_registry.forms.figures import FigureForm
from accounts_registry.models import Account
from accounts_registry.queries.figures import LATEST_FIRST, figures_of, series_of
from accounts_registry.views.accounts import visible_account
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.views.once import once


@login_required
@require_GET
def account_figures(request: PersonRequest, pk: int) -> HttpResponse:
    account = visible_account(request, pk)
    return _page(request, account, FigureForm(account=account, person=request.user))


@login_required
@require_POST
@once
def figure_note(request: PersonRequest, pk: int) -> HttpResponse:
    account = visible_account(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
    form = FigureForm(request.POST, account=account, person=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("The figure is noted."))
        return redirect("accounts_registry:account_figures", pk)
    return _page(request, account, form, status=422)


def _page(request: PersonRequest, account: Account, form: FigureForm, status: int = 200) -> HttpResponse:
    facts = {"account": account, "form": form, "series": list(series_of(account))}
    facts["page"] = LATEST_FIRST.page(figures_of(account), request.GET.get("page", ""))
    facts["may_manage"] = policy.allows(request.user, Permission.ACCOUNT_MANAGE, account)
    return render(request, "accounts_registry/account_figures.html", facts, status=status)
