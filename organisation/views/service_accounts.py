"""Service accounts and their keys: made, shown once, renewed, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import renew_key, revoke_key
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.forms.service_accounts import KeyForm, ServiceAccountForm
from organisation.models import ApiKey
from organisation.queries.keys import LATEST_ADDED, visible_keys, visible_machines
from organisation.views.once import once


@login_required
@require_GET
def service_account_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_VIEW)
    page = LATEST_ADDED.page(visible_machines(request.user), request.GET.get("page", ""))
    may = policy.allows_anywhere(request.user, Permission.PERSON_MANAGE)
    return render(request, "organisation/service_account_list.html", {"page": page, "may_manage": may})


@login_required
@require_http_methods(["GET", "POST"])
@once
def service_account_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_MANAGE)
    form = ServiceAccountForm(request.POST or None, person=request.user)
    if form.is_valid() and (made := form.save()):
        messages.success(request, _("The service account is added. Give it a role, and make a key."))
        return redirect("organisation:person_detail", made.pk)
    return render(
        request, "organisation/service_account_new.html", {"form": form}, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "POST"])
def key_new(request: PersonRequest, pk: int) -> HttpResponse:
    machine = get_object_or_404(visible_machines(request.user), pk=pk)
    policy.require(request.user, Permission.PERSON_MANAGE, machine)
    form = KeyForm(request.POST or None, machine=machine, person=request.user)
    if form.is_valid() and (made := form.save()):
        return _show(request, *made)
    facts = {"form": form, "machine": machine}
    return render(request, "organisation/key_new.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_POST
def key_renew(request: PersonRequest, pk: int) -> HttpResponse:
    return _show(request, *renew_key(key=_key(request, pk), by=request.user))


@login_required
@require_POST
def key_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    key = revoke_key(key=_key(request, pk), by=request.user)
    messages.success(request, _("The key is revoked. It opens nothing any more."))
    return redirect("organisation:person_detail", key.person_id)


def _key(request: PersonRequest, pk: int) -> ApiKey:
    return get_object_or_404(visible_keys(request.user), pk=pk)


def _show(request: PersonRequest, key: ApiKey, secret: str) -> HttpResponse:
    """This once, and in no cache."""
    shown = render(request, "organisation/key_made.html", {"key": key, "secret": secret})
    add_never_cache_headers(shown)
    return shown
