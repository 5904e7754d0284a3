from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts_registry.queries import stopped_sentence
from conversations.forms import InboxForm
from conversations.queries import InboxFilter, inbox_page, new_since
from monitoring.queries import stopped_readings
from organisation.enums import Permission
from organisation.forms import wants_part
from organisation.policy import require_anywhere
from organisation.views.asking import asker, chosen_path


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    require_anywhere(asker(request), Permission.MENTION_VIEW)
    person = asker(request)
    form = InboxForm(request.GET or None, person=person)
    wanted = form.wanted(chosen_path(request))
    if wants_part(request):
        return _news(request, wanted)
    page = inbox_page(person, wanted, request.GET.get("page", ""))
    facts = {"form": form, "page": page, "wanted": wanted, "since": str(timezone.now().timestamp()), "news": 0}
    facts["stopped"] = [stopped_sentence(so_far) for so_far in stopped_readings(person)]
    return render(request, "conversations/inbox.html", facts | {"kept": kept_filters(request)})


def _news(request: HttpRequest, wanted: InboxFilter) -> HttpResponse:
    """How many conversations came since the page was shown; nothing (204) while it says so already."""
    since = request.GET.get("since", "")
    news = new_since(asker(request), wanted, _moment(since))
    if str(news) == request.GET.get("known", ""):
        return HttpResponse(status=204)
    return render(request, "conversations/_news.html", {"news": news, "since": since, "kept": kept_filters(request)})


def kept_filters(request: HttpRequest) -> str:
    """The filters of the address, without the marks of a page."""
    kept = request.GET.copy()
    for mark in ("page", "known", "since"):
        kept.pop(mark, None)
    return kept.urlencode()


def _moment(written: str) -> datetime:
    """Seconds since 1970 as the page got them; now for anything else."""
    try:
        return datetime.fromtimestamp(float(written), UTC)
    except (ValueError, OverflowError, OSError):
        return timezone.now()
