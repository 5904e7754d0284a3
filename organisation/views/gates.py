"""What a unit asks of whoever publishes in its name: whom another gate would stop, shown before it is changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.forms.training import GateChoice, GateForm
from organisation.models import PublishingGate, Unit
from organisation.queries import latest_events, visible_units
from organisation.queries.gates import asked_of, stopped_by, token_of
from organisation.training import GateLevel


@login_required
@require_http_methods(["GET", "POST"])
def unit_gates(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(visible_units(request.user), pk=pk)
    policy.require(request.user, Permission.UNIT_MANAGE, unit)
    if request.method == "GET":
        return _show(request, unit, request.GET)
    form = GateForm(request.POST, unit=unit)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("What is asked is changed, and holds from now on."))
        return redirect("organisation:unit_gates", pk)
    return _show(request, unit, request.POST, form)


def _show(request: PersonRequest, unit: Unit, asked: Any, form: GateForm | None = None) -> HttpResponse:
    gate = PublishingGate.objects.filter(unit=unit).select_related("module").first()
    looked_at = "policy_level" in asked or form is not None
    choice = GateChoice(asked if looked_at else None, auto_id="id_filter_%s", unit=unit, gate=gate)
    facts: dict[str, Any] = {"unit": unit, "choice": choice, "now": (now := asked_of(unit))}
    facts |= {"policy_label": GateLevel(now.policy).label, "training_label": GateLevel(now.training).label}
    facts["story"] = latest_events(unit, 30)
    if looked_at and choice.is_valid():
        told = choice.cleaned_data
        wanted = (told["policy_level"], told["training_level"], told["module"])
        stopped = stopped_by(unit, *wanted)
        initial = {**told, "module": told["module"].pk if told["module"] else "", "seen": token_of(stopped, *wanted)}
        facts |= {"stopped": stopped, "form": _carried(form, initial, unit), "looked_at": True}
    return render(request, "organisation/gates.html", facts, status=422 if form else 200)


def _carried(form: GateForm | None, initial: dict[str, Any], unit: Unit) -> GateForm:
    """The form as it was refused, about what is shown now; or a new one."""
    if form is None:
        return GateForm(initial=initial, unit=unit)
    for name, value in initial.items():
        form.renew(name, getattr(value, "pk", value) or "")
    return form
