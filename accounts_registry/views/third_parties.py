"""The apps of others that may act on an account: noted, seen again, struck."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts_registry.actions import list_third_party_app, see_third_party_app, strike_third_party_app
from accounts_registry.forms import ThirdPartyAppForm
from accounts_registry.models import Account, ThirdPartyApp
from accounts_registry.queries import visible_accounts
from accounts_registry.views.accounts import account_page, visible_account
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest, ReasonForm
from organisation.models import Person


@login_required
@require_POST
def app_list(request: PersonRequest, pk: int) -> HttpResponse:
    account = visible_account(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
    form = ThirdPartyAppForm(request.POST)
    if form.is_valid() and _list(form, account, request.user):
        messages.success(request, _("The app is listed."))
        return redirect("accounts_registry:account_detail", pk)
    return account_page(request, account, app_form=form, status=422)


def _list(form: ThirdPartyAppForm, account: Account, person: Person) -> bool:
    listed = form.carry_out(list_third_party_app, account=account, by=person, **form.cleaned_data)
    return listed is not None


def _app(request: PersonRequest, pk: int) -> ThirdPartyApp:
    apps = ThirdPartyApp.objects.filter(account__in=visible_accounts(request.user)).select_related("account__unit")
    app = get_object_or_404(apps, pk=pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, app.account)
    return app


@login_required
@require_POST
def app_seen(request: PersonRequest, pk: int) -> HttpResponse:
    app = see_third_party_app(app=_app(request, pk), by=request.user)
    messages.success(request, _("Noted: you saw it today."))
    return redirect("accounts_registry:account_detail", app.account_id)


@login_required
@require_POST
def app_strike(request: PersonRequest, pk: int) -> HttpResponse:
    app = _app(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return account_page(request, visible_account(request, app.account_id), struck=(app.pk, form), status=422)
    strike_third_party_app(app=app, by=request.user, **form.cleaned_data)
    messages.success(request, _("The app is struck."))
    return redirect("accounts_registry:account_detail", app.account_id)
