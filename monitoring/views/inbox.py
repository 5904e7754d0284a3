from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.forms import InboxForm
from monitoring.queries import inbox_page
from monitoring.views.asking import asker, chosen_path, require_anywhere
from organisation.enums import Permission


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    require_anywhere(request, Permission.MENTION_VIEW)
    person = asker(request)
    form = InboxForm(request.GET or None, person=person)
    form.is_valid()
    wanted = form.wanted(chosen_path(request))
    page = inbox_page(person, wanted, older=request.GET.get("older", ""), newer=request.GET.get("newer", ""))
    kept = request.GET.copy()
    for mark in ("older", "newer"):
        kept.pop(mark, None)
    facts = {"form": form, "page": page, "wanted": wanted, "kept": kept.urlencode()}
    return render(request, "monitoring/inbox.html", facts)
