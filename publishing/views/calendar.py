from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest, wants_part
from organisation.queries import visible_units
from publishing.enums import PostState
from publishing.forms import CalendarFilter, TimeForm
from publishing.queries import day_of, month_of
from publishing.views.posts import looked_at
from publishing.views.sight import seen


@login_required
@require_GET
def calendar(request: PersonRequest, year: int | None = None, month: int | None = None) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.POST_VIEW)
    form = CalendarFilter(request.GET or None, auto_id="id_filter_%s", units=list(visible_units(request.user)))
    shown = month_of(request.user, _first(year, month), unit=form.chosen_unit or looked_at(request))
    facts = {"form": form, "month": shown, "may_write": policy.allows_anywhere(request.user, Permission.POST_WRITE)}
    template = "publishing/_month_part.html" if wants_part(request) else "publishing/calendar.html"
    return render(request, template, facts)


@login_required
@require_GET
def day(request: PersonRequest, year: int, month: int, day: int) -> HttpResponse:
    """All that goes out on one day, a page at a time."""
    policy.require_anywhere(request.user, Permission.POST_VIEW)
    form = CalendarFilter(request.GET or None, auto_id="id_filter_%s", units=list(visible_units(request.user)))
    shown = day_of(
        request.user,
        _date(year, month, day),
        unit=form.chosen_unit or looked_at(request),
        cursor=request.GET.get("page", ""),
    )
    return render(request, "publishing/day.html", {"form": form, "day": shown})


@login_required
@require_GET
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """The keyboard's way to drag a chip: a page with the post's time. It posts to `reschedule`."""
    post = seen(request, pk)
    if post.state != PostState.SCHEDULED:
        raise Http404
    policy.require(request.user, Permission.POST_SCHEDULE, post)
    return render(request, "publishing/move.html", {"post": post, "form": TimeForm(post=post)})


def _first(year: int | None, month: int | None) -> date:
    if year is None or month is None:
        return timezone.localdate().replace(day=1)
    return _date(year, month, 1)


def _date(year: int, month: int, day: int) -> date:
    if not 2000 <= year <= 2100:
        raise Http404
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None
