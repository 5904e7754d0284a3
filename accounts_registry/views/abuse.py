"""The abuse register: cases, and what each unit declared."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts_registry.forms.sightings import AbuseFilter, NilReturnForm
from accounts_registry.queries.sightings import last_returns, visible_cases
from accounts_registry.views.sightings import LATEST_FIRST, filter_of, narrowed_to_unit
from organisation import policy
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.long_forms import written
from organisation.views.once import once


@login_required
@require_GET
def abuse_register(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.ACCOUNT_VIEW)
    form = filter_of(request, AbuseFilter)
    chosen = form.chosen()
    below = narrowed_to_unit(request, chosen)
    found = visible_cases(request.user).filter(sighting__unit__path__startswith=below)
    if chosen.get("state"):
        found = found.filter(state=chosen["state"])
    if chosen.get("network"):
        found = found.filter(sighting__network=chosen["network"])
    facts = {
        "form": form,
        "page": LATEST_FIRST.page(found, request.GET.get("page", "")),
        "returns": last_returns(request.user, database_today(), below),
        "may_report": policy.allows_anywhere(request.user, Permission.SIGHTING_REPORT),
        "may_declare": policy.allows_anywhere(request.user, Permission.SIGHTING_MANAGE),
    }
    return render(request, "accounts_registry/abuse_register.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
@once
def nil_return_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.SIGHTING_MANAGE)
    form = NilReturnForm(*written(request, NilReturnForm), person=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("Declared: there was none."))
        return redirect("accounts_registry:abuse_register")
    return render(request, "accounts_registry/nil_return_form.html", {"form": form}, status=form.status)
