"""When a unit is open: office hours and closures, its own and those of the units above, and how they came about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import remove_closure
from organisation.enums import Permission
from organisation.forms import ClosureForm, HoursForm, PersonRequest
from organisation.models import Closure, Unit
from organisation.queries import calendar_of, closures_over, looked_at, visible_units
from organisation.queries.working_time import story_of_working_time


@login_required
@require_GET
def working_time(request: PersonRequest) -> HttpResponse:
    """Of the unit that the person looks at, else of their own."""
    unit = looked_at(request.user, request.session.get("unit")) or request.user.unit
    return redirect("organisation:unit_working_time", unit.pk)


@login_required
@require_GET
def unit_working_time(request: PersonRequest, pk: int) -> HttpResponse:
    return _show(request, _unit(request, pk))


@login_required
@require_POST
def closure_add(request: PersonRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk, Permission.UNIT_MANAGE)
    form = ClosureForm(request.POST)
    if form.is_valid() and form.add(unit, request.user):
        messages.success(request, _("The closure is added. Deadlines follow within a minute."))
        return redirect("organisation:unit_working_time", pk)
    return _show(request, unit, status=422, closure_form=form)


@login_required
@require_POST
def unit_hours(request: PersonRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk, Permission.UNIT_MANAGE)
    form = HoursForm(request.POST)
    if form.is_valid() and form.save(unit, request.user):
        messages.success(request, _("The office hours are kept. Deadlines follow within a minute."))
        return redirect("organisation:unit_working_time", pk)
    return _show(request, unit, status=422, hours_form=form)


@login_required
@require_http_methods(["GET", "POST"])
def closure_edit(request: PersonRequest, pk: int) -> HttpResponse:
    closure = _closure(request, pk)
    form = ClosureForm(request.POST or None, closure=closure)
    if form.is_valid() and form.change(closure, request.user):
        messages.success(request, _("The closure is changed. Deadlines follow within a minute."))
        return redirect("organisation:unit_working_time", closure.unit_id)
    facts = {"closure": closure, "form": form}
    return render(request, "organisation/closure.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_POST
def closure_remove(request: PersonRequest, pk: int) -> HttpResponse:
    closure = _closure(request, pk)
    remove_closure(closure=closure, by=request.user)
    messages.success(request, _("The closure is removed. Deadlines follow within a minute."))
    return redirect("organisation:unit_working_time", closure.unit_id)


def _unit(request: PersonRequest, pk: int, to: Permission | None = None) -> Unit:
    unit = get_object_or_404(visible_units(request.user), pk=pk)
    if to is not None:
        policy.require(request.user, to, unit)
    return unit


def _closure(request: PersonRequest, pk: int) -> Closure:
    seen = Closure.objects.filter(unit__in=visible_units(request.user)).select_related("unit")
    closure = get_object_or_404(seen, pk=pk)
    policy.require(request.user, Permission.UNIT_MANAGE, closure)
    return closure


def _show(request: PersonRequest, unit: Unit, *, status: int = 200, **forms: Any) -> HttpResponse:
    calendar, this_year = calendar_of(unit), timezone.localdate().year
    facts = {
        "unit": unit,
        "units": list(visible_units(request.user)),
        "calendar": calendar,
        "week": [(str(name).capitalize(), calendar.hours[day]) for day, name in WEEKDAYS.items()],
        "closures": list(closures_over(unit)),
        "years": [(year, calendar.days_off(year)) for year in (this_year, this_year + 1)],
        "may_manage": policy.allows(request.user, Permission.UNIT_MANAGE, unit),
        "story": story_of_working_time(request.user, unit),
        "closure_form": ClosureForm(),
        "hours_form": HoursForm(unit=unit, calendar=calendar),
    }
    return render(request, "organisation/working_time.html", facts | forms, status=status)
