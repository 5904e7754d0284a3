from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organisation import policy
from organisation.enums import Permission
from organisation.forms import AuditFilter, PersonRequest
from organisation.queries.audit import trail


@login_required
@require_GET
def audit_trail(request: PersonRequest) -> HttpResponse:
    """Newest first; `before` and `after` are sequence numbers of the chain, so a page never shifts while one reads."""
    policy.require_anywhere(request.user, Permission.AUDIT_VIEW)
    form = AuditFilter(request.GET or None, auto_id="id_filter_%s")
    page = trail(request.user, before=_number(request, "before"), after=_number(request, "after"), **form.chosen())
    return render(request, "organisation/audit.html", {"form": form, "page": page})


def _number(request: PersonRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None
