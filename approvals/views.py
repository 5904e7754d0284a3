"""Pages of approvals: the routes of units."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from approvals.actions import end_route
from approvals.forms import RouteForm
from approvals.queries import visible_routes
from approvals.subjects import registered
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.views.once import once


@login_required
@require_GET
def route_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.AUDIT_VIEW)
    labels = {one.kind: one.label for one in registered()}
    routes = [
        (route, labels.get(route.kind, route.kind), policy.allows(request.user, Permission.UNIT_MANAGE, route))
        for route in visible_routes(request.user)
    ]
    may_set = policy.allows_anywhere(request.user, Permission.UNIT_MANAGE)
    return render(request, "approvals/route_list.html", {"routes": routes, "may_set": may_set})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def route_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.UNIT_MANAGE)
    form = RouteForm(request.POST or None, person=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("These steps hold for what is submitted from now on."))
        return redirect("approvals:route_list")
    return render(request, "approvals/route_form.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_POST
def route_end(request: PersonRequest, pk: int) -> HttpResponse:
    end_route(route=get_object_or_404(visible_routes(request.user), pk=pk), by=request.user)
    messages.success(request, _("These steps are asked for no longer. What was submitted before keeps them."))
    return redirect("approvals:route_list")
