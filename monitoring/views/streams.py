from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.queries import visible_streams
from organisation.enums import Permission
from organisation.policy import require_anywhere
from organisation.views.asking import asker


@login_required
@require_safe
def stream_list(request: HttpRequest) -> HttpResponse:
    require_anywhere(asker(request), Permission.MENTION_VIEW)
    return render(request, "monitoring/stream_list.html", {"streams": visible_streams(asker(request))})
