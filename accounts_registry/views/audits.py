"""Account audits: the campaigns of units, and the accounts that their lists tell of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry.actions import close_audit
from accounts_registry.forms.audits import AuditForm, ListedFilter
from accounts_registry.lists.words import network_name
from accounts_registry.models import AccountAudit, Finding
from accounts_registry.queries.audits import by_network, find_listed, listed_now, visible_audits
from organisation import policy
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.queries import Keyset, latest_events, looked_at
from organisation.views.once import once

LATEST_FIRST = Keyset("", size=50)
IN_ORDER = Keyset("", size=50, newest_first=False)


@login_required
@require_GET
def audit_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.DOSSIER_VIEW)
    found = visible_audits(request.user)
    if unit := looked_at(request.user, request.session.get("unit")):
        found = found.filter(unit__path__startswith=unit.path)
    page = LATEST_FIRST.page(found, request.GET.get("page", ""))
    may_begin = policy.allows_anywhere(request.user, Permission.ACCOUNT_MANAGE)
    return render(request, "accounts_registry/audit_list.html", {"page": page, "may_begin": may_begin})


@login_required
@require_http_methods(["GET", "POST"])
@once
def audit_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.ACCOUNT_MANAGE)
    form = AuditForm(request.POST or None, person=request.user)
    if form.is_valid() and (begun := form.save(request.user)):
        messages.success(request, _("The audit is begun. Send the first list."))
        return redirect("accounts_registry:audit_detail", begun.pk)
    return render(request, "accounts_registry/audit_new.html", {"form": form}, status=422 if form.is_bound else 200)


def visible_audit(request: PersonRequest, pk: int) -> AccountAudit:
    return get_object_or_404(visible_audits(request.user), pk=pk)


@login_required
@require_GET
def audit_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return audit_page(request, visible_audit(request, pk))


def audit_page(request: PersonRequest, audit: AccountAudit, form: ReasonForm | None = None) -> HttpResponse:
    counts = by_network(audit)
    facts: dict[str, Any] = {
        "audit": audit,
        "imports": LATEST_FIRST.page(audit.imports.select_related("sent_by"), request.GET.get("page", "")),
        "networks": [(network_name(key), key, many) for key, many in counts],
        "many": sum(many for _key, many in counts),
        "registered": listed_now(audit).filter(account__isnull=False).count(),
        "open_findings": Finding.objects.filter(audit=audit, state="open").count(),
        "may_manage": policy.allows(request.user, Permission.ACCOUNT_MANAGE, audit),
        "story": latest_events(audit, 30),
        "form": form,
    }
    return render(request, "accounts_registry/audit_detail.html", facts, status=422 if form else 200)


def done(form: ActionForm, act: Callable[..., object], **facts: Any) -> bool:
    """Whether the act was done; where it was not, the form says why."""
    return form.carry_out(act, **facts) is not None


@login_required
@require_POST
def audit_close(request: PersonRequest, pk: int) -> HttpResponse:
    audit = visible_audit(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, audit)
    form = ReasonForm(request.POST)
    if form.is_valid() and done(form, close_audit, audit=audit, by=request.user, **form.cleaned_data):
        messages.success(request, _("The audit is closed."))
        return redirect("accounts_registry:audit_detail", pk)
    return audit_page(request, audit, form)


@login_required
@require_GET
def listed_list(request: PersonRequest, pk: int) -> HttpResponse:
    audit = visible_audit(request, pk)
    networks = list(audit.listed.order_by("network").values_list("network", flat=True).distinct())
    form = ListedFilter(request.GET or None, auto_id="id_filter_%s", networks=networks)
    page = IN_ORDER.page(find_listed(audit, form.chosen()), request.GET.get("page", ""))
    return render(request, "accounts_registry/listed_list.html", {"audit": audit, "form": form, "page": page})
