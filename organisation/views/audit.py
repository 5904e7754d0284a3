from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from organisation import policy
from organisation.actions import export_trail, zipped
from organisation.enums import Permission
from organisation.forms import AuditFilter, PersonRequest
from organisation.queries.audit import trail
from organisation.queries.names import explained
from organisation.queries.sealed import may_export, seals


@login_required
@require_GET
def audit_trail(request: PersonRequest) -> HttpResponse:
    """Newest first."""
    policy.require_anywhere(request.user, Permission.AUDIT_VIEW)
    form = AuditFilter(request.GET or None, auto_id="id_filter_%s")
    page = trail(request.user, cursor=request.GET.get("page", ""), **form.chosen())
    events = explained(request.user, page.rows)
    facts = {"form": form, "page": page, "events": events, "seals": seals(), "may_export": may_export(request.user)}
    return render(request, "organisation/audit.html", facts)


@login_required
@require_POST
def audit_export(request: PersonRequest) -> StreamingHttpResponse:
    """The whole trail, zipped while it is read. A POST: the export is an event itself."""
    name = f"parvis-audit-{timezone.localdate():%Y-%m-%d}.jsonl.gz"
    answer = StreamingHttpResponse(zipped(export_trail(by=request.user)), content_type="application/gzip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
