"""A list on its way into an audit: sent, read, its columns confirmed, tried, taken over, undone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry.actions import drop_list, take_over_list, undo_import
from accounts_registry.enums.audit import IMPORT_LIFECYCLE, ImportState, LineOutcome
from accounts_registry.forms.audits import ColumnsForm, LinesFilter, ListForm
from accounts_registry.models import ListImport, ListLine
from accounts_registry.queries.audits import series_of, standing_on, visible_imports
from accounts_registry.views.audits import IN_ORDER, done, visible_audit
from organisation import policy
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm, wants_part
from organisation.lifecycle import Conflict
from organisation.queries import latest_events
from organisation.views.once import once

STEPS = (_("The file"), _("Its columns"), _("Try it"), _("Take it over"))
AT = {ImportState.RECEIVED: 0, ImportState.READ: 1, ImportState.CHECKED: 2, ImportState.TAKEN_OVER: 4}


def steps_of(given: ListImport | None, current: int | None = None) -> list[dict[str, Any]]:
    at = AT.get(ImportState(given.state), 0) if given else 0
    here = at if current is None else current
    columns = reverse("accounts_registry:import_columns", args=[given.pk]) if given and given.is_new else ""
    return [
        {
            "label": label,
            "url": columns if place == 1 and here != 1 else "",
            "state": "current" if place == here else "done" if place < at else "todo",
        }
        for place, label in enumerate(STEPS)
    ]


@login_required
@require_http_methods(["GET", "POST"])
@once
def list_send(request: PersonRequest, pk: int) -> HttpResponse:
    audit = visible_audit(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, audit)
    if request.method == "GET" and not audit.is_open:
        return redirect("accounts_registry:audit_detail", pk)
    form = ListForm(*((request.POST, request.FILES) if request.method == "POST" else ()), known=series_of(audit))
    if form.is_valid() and (sent := form.save(audit, request.user)):
        return redirect("accounts_registry:import_detail", sent.pk)
    facts = {"audit": audit, "form": form, "steps": steps_of(None)}
    return render(request, "accounts_registry/list_send.html", facts, status=422 if form.is_bound else 200)


def _import(request: PersonRequest, pk: int, *, to_change: bool = False) -> ListImport:
    given = get_object_or_404(visible_imports(request.user), pk=pk)
    if to_change:
        policy.require(request.user, Permission.ACCOUNT_MANAGE, given)
    return given


@login_required
@require_GET
def import_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _import(request, pk))


def _page(request: PersonRequest, given: ListImport, refused: dict[str, ActionForm] | None = None) -> HttpResponse:
    facts: dict[str, Any] = {"given": given, "audit": given.audit, "steps": steps_of(given)}
    facts["may_manage"] = policy.allows(request.user, Permission.ACCOUNT_MANAGE, given)
    if wants_part(request) and not refused:
        return render(request, "accounts_registry/_import_standing.html", facts)
    filtered = LinesFilter(request.GET or None, auto_id="id_filter_%s")
    lines = ListLine.objects.filter(of=given).select_related("row", "listed", "of")
    if outcome := filtered.chosen().get("outcome"):
        lines = lines.filter(outcome=outcome)
    facts["page"], facts["filtered"] = IN_ORDER.page(lines, request.GET.get("page", "")), filtered
    facts["figures"] = [(LineOutcome(key), many) for key, many in given.figures.items()]
    facts["acts"] = {edge.name for edge in offered(IMPORT_LIFECYCLE, given, request.user)}
    facts["taken_over"] = given.state == ImportState.TAKEN_OVER
    facts["later"] = list(standing_on(given)[:5]) if facts["taken_over"] else []
    facts["refused"], facts["story"] = refused or {}, latest_events(given, 30)
    return render(request, "accounts_registry/import_detail.html", facts, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "POST"])
def import_columns(request: PersonRequest, pk: int) -> HttpResponse:
    """What each column is. `heading_…` in the address say in which rows the headings stand."""
    given = _import(request, pk, to_change=True)
    if not given.is_new:
        if request.method == "POST":
            raise Conflict(given, "check")
        return redirect("accounts_registry:import_detail", pk)
    told = request.POST if request.method == "POST" else request.GET
    at = [_row(told.get(f"heading_{place}", ""), one["heading"]) for place, one in enumerate(given.sheets)]
    form = ColumnsForm(*([request.POST] if request.method == "POST" else []), given=given, headings_at=at)
    if form.is_valid() and form.save(request.user):
        return redirect("accounts_registry:import_detail", pk)
    facts = {"given": given, "form": form, "steps": steps_of(given, 1)}
    return render(request, "accounts_registry/import_columns.html", facts, status=422 if form.is_bound else 200)


def _row(text: str, otherwise: int) -> int:
    """As somebody typed it; 0 is for a list whose first row is an account already, but for one laid out by records."""
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        return otherwise
    return int(text) or (0 if otherwise == 0 else -1)


@login_required
@require_POST
def import_take_over(request: PersonRequest, pk: int) -> HttpResponse:
    given, form = _import(request, pk, to_change=True), ActionForm(request.POST)
    seen = request.POST.get("content_hash", "")
    if form.is_valid() and done(form, take_over_list, given=given, by=request.user, seen=seen):
        messages.success(request, _("The list is taken over."))
        return redirect("accounts_registry:import_detail", pk)
    return _page(request, given, {"take_over": form})


@login_required
@require_POST
def import_undo(request: PersonRequest, pk: int) -> HttpResponse:
    given, form = _import(request, pk, to_change=True), ReasonForm(request.POST)
    if form.is_valid() and done(form, undo_import, given=given, by=request.user, **form.cleaned_data):
        messages.success(request, _("The import is undone: everything is as it was before."))
        return redirect("accounts_registry:import_detail", pk)
    return _page(request, given, {"undo": form})


@login_required
@require_POST
def import_drop(request: PersonRequest, pk: int) -> HttpResponse:
    given = drop_list(given=_import(request, pk, to_change=True), by=request.user)
    messages.success(request, _("The list is put aside; nothing of it was taken over."))
    return redirect("accounts_registry:audit_detail", given.audit_id)
