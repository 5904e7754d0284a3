from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from delivery.enums import HoldCause
from delivery.forms import HoldForm, LiftForm
from delivery.models import Hold
from delivery.policy import against_lifting, may_lift
from delivery.queries import active_holds, visible_holds, waiting_behind
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.queries import Keyset
from organisation.views.once import once

LATEST_FIRST = Keyset("placed_at", size=20)


@login_required
@require_GET
def hold_list(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, refused: Hold | None = None, form: LiftForm | None = None) -> HttpResponse:
    person = request.user
    holds = list(active_holds(person))
    lifts = policy.allows_anywhere(person, Permission.HOLD_LIFT)
    rows = [
        {
            "hold": hold,
            "waiting": waiting,
            "lifts_by_itself": hold.cause == HoldCause.AWAY,
            "why_not": against_lifting(person, hold) if lifts else "",
            "may_lift": lifts and may_lift(person, hold),
            "form": form if hold == refused else None,
            "anchor": f"lift_{hold.pk}",
        }
        for hold, waiting in zip(holds, waiting_behind(holds), strict=True)
    ]
    ended = visible_holds(person).exclude(pk__in=[hold.pk for hold in holds])
    past = LATEST_FIRST.page(ended, request.GET.get("page", ""))
    may_place = policy.allows_anywhere(person, Permission.HOLD_PLACE)
    facts = {"rows": rows, "past": past, "may_place": may_place}
    return render(request, "delivery/hold_list.html", facts, status=422 if form else 200)


@login_required
@require_http_methods(["GET", "POST"])
@once
def hold_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.HOLD_PLACE)
    form = HoldForm(request.POST or None, person=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("Frozen. Nothing that it stops is sent any more."))
        return redirect("delivery:hold_list")
    return render(request, "delivery/hold_new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_POST
def hold_lift(request: PersonRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(visible_holds(request.user), pk=pk)
    if not may_lift(request.user, hold):
        raise PermissionDenied(against_lifting(request.user, hold) or "")
    form = LiftForm(request.POST)
    if form.is_valid() and form.save(hold, request.user):
        messages.success(request, _("The freeze is lifted. What is due goes out now."))
        return redirect("delivery:hold_list")
    return _page(request, hold, form)
