"""By which model a unit is governed: what another one changes for whom, shown before it is changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation import policy
from organisation.enums import GovernanceModel, Permission
from organisation.forms import ABOVE, GovernanceForm, ModelChoice, PersonRequest
from organisation.models import Unit
from organisation.queries import latest_events, visible_units
from organisation.queries.governing import effects_of, token_of
from organisation.queries.units import model_of


@login_required
@require_http_methods(["GET", "POST"])
def unit_governance(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(visible_units(request.user), pk=pk)
    policy.require(request.user, Permission.UNIT_MANAGE, unit)
    if not policy.may_govern(request.user, unit):
        raise PermissionDenied(policy.DECIDED_ABOVE)
    if request.method == "GET":
        choice = ModelChoice(request.GET or None, auto_id="id_filter_%s", unit=unit)
        return _show(request, unit, choice, choice.chosen().get("model", ""))
    form = GovernanceForm(request.POST, unit=unit)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("The model is changed, and holds from now on."))
        return redirect("organisation:unit_governance", pk)
    model = str(form["model"].value() or "")
    known = model in dict(ModelChoice(unit=unit).fields["model"].choices)  # type: ignore[attr-defined]
    choice = ModelChoice({"model": model if known else ""}, auto_id="id_filter_%s", unit=unit)
    return _show(request, unit, choice, model if known else "", form=form)


def _show(
    request: PersonRequest, unit: Unit, choice: ModelChoice, model: str, form: GovernanceForm | None = None
) -> HttpResponse:
    facts: dict[str, Any] = {
        "unit": unit,
        "choice": choice,
        "now": model_of(unit),
        "inherits": not unit.governance_model,
    }
    facts["story"] = latest_events(unit, 30)
    if model:
        effects = effects_of(unit, "" if model == ABOVE else model)
        shown: Any = form or GovernanceForm(unit=unit)
        shown.data = {**shown.data.dict(), "model": model, "seen": token_of(effects)} if form else shown.data
        shown.initial |= {"model": model, "seen": token_of(effects)}
        label = _("As the unit above") if model == ABOVE else GovernanceModel(model).label
        facts |= {"model": label, "effects": effects, "form": shown}
        facts["people"] = len({person.pk for effect in effects for person in effect.people})
    return render(request, "organisation/governance.html", facts, status=422 if form else 200)
