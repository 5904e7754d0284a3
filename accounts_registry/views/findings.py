"""What an audit found: looked for, given to somebody, dealt with; and the ten questions that it answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts_registry.actions import dismiss_finding, examine_audit, settle_finding
from accounts_registry.forms.audits import AssignForm, FindingFilter
from accounts_registry.models import Finding
from accounts_registry.queries.audit_questions import before_and_after, questions, told_change
from accounts_registry.queries.findings import visible_findings
from accounts_registry.queries.found_otherwise import not_computed
from accounts_registry.views.audits import IN_ORDER, done, visible_audit
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest, ReasonForm
from organisation.queries import latest_events

ACTS: dict[str, tuple[Any, Any]] = {
    "settle": (settle_finding, _("Noted: it is dealt with.")),
    "dismiss": (dismiss_finding, _("The finding is dismissed.")),
}


@login_required
@require_GET
def audit_questions(request: PersonRequest, pk: int) -> HttpResponse:
    audit = visible_audit(request, pk)
    total, bars = before_and_after(audit)
    facts = {"audit": audit, "questions": questions(audit), "total": total, "bars": bars, "told": told_change(total)}
    return render(request, "accounts_registry/audit_questions.html", facts)


@login_required
@require_POST
def audit_examine(request: PersonRequest, pk: int) -> HttpResponse:
    audit = visible_audit(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, audit)
    told = examine_audit(audit=audit, by=request.user)
    said = ngettext("%(n)d finding is open.", "%(n)d findings are open.", told["open"]) % {"n": told["open"]}
    messages.success(request, said)
    return redirect("accounts_registry:finding_list", pk)


@login_required
@require_GET
def finding_list(request: PersonRequest, pk: int) -> HttpResponse:
    audit = visible_audit(request, pk)
    form = FindingFilter(request.GET or None, auto_id="id_filter_%s")
    found = visible_findings(request.user).filter(audit=audit)
    found = found.filter(**form.chosen())
    facts = {"audit": audit, "form": form, "page": IN_ORDER.page(found, request.GET.get("page", ""))}
    facts["may_manage"] = policy.allows(request.user, Permission.ACCOUNT_MANAGE, audit)
    facts["not_computed"] = not_computed(audit)
    return render(request, "accounts_registry/finding_list.html", facts)


def _finding(request: PersonRequest, pk: int, *, to_change: bool = False) -> Finding:
    finding = get_object_or_404(visible_findings(request.user), pk=pk)
    if to_change:
        policy.require(request.user, Permission.ACCOUNT_MANAGE, finding)
    return finding


@login_required
@require_GET
def finding_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _finding(request, pk))


def _page(
    request: PersonRequest,
    finding: Finding,
    form: AssignForm | None = None,
    refused: dict[str, ReasonForm] | None = None,
) -> HttpResponse:
    facts: dict[str, Any] = {"finding": finding, "audit": finding.audit, "refused": refused or {}}
    may = policy.allows(request.user, Permission.ACCOUNT_MANAGE, finding) and finding.audit.is_open
    facts["may_decide"] = may and finding.state == "open"
    facts["form"], facts["story"] = form or AssignForm(finding=finding), latest_events(finding, 30)
    status = 422 if form or refused else 200
    return render(request, "accounts_registry/finding_detail.html", facts, status=status)


@login_required
@require_POST
def finding_assign(request: PersonRequest, pk: int) -> HttpResponse:
    finding = _finding(request, pk, to_change=True)
    form = AssignForm(request.POST, finding=finding)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Noted who sees to it."))
        return redirect("accounts_registry:finding_detail", pk)
    return _page(request, finding, form)


@login_required
@require_POST
def finding_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    finding = _finding(request, pk, to_change=True)
    act, said = ACTS[verb]
    form = ReasonForm(request.POST)
    if form.is_valid() and done(form, act, finding=finding, by=request.user, **form.cleaned_data):
        messages.success(request, said)
        return redirect("accounts_registry:finding_list", finding.audit_id)
    return _page(request, finding, refused={verb: form})
