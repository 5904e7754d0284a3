"""A unit stands elsewhere in the tree: what that changes for whom, shown before it moves."""

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
from organisation.forms import MoveUnitForm, PersonRequest, PlaceChoice, places_for
from organisation.models import Unit
from organisation.queries import latest_events, visible_units
from organisation.queries.governing import token_of
from organisation.queries.moving import effects_of_move, model_after
from organisation.queries.units import model_of, unit_above


@login_required
@require_http_methods(["GET", "POST"])
def unit_move(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(visible_units(request.user), pk=pk)
    policy.require(request.user, Permission.UNIT_MANAGE, unit)
    places = places_for(request.user, unit) if unit.depth > 1 else []
    if request.method == "GET":
        return _show(request, unit, places, request.GET.get("parent", ""))
    form = MoveUnitForm(request.POST, unit=unit, places=places)
    if form.is_valid() and (moved := form.save(request.user)):
        messages.success(request, _("%(unit)s stands there from now on.") % {"unit": moved.name})
        return redirect("organisation:unit_move", pk)
    return _show(request, unit, places, str(form["parent"].value() or ""), form=form)


def _show(
    request: PersonRequest, unit: Unit, places: list[Unit], slug: str, form: MoveUnitForm | None = None
) -> HttpResponse:
    parent = next((one for one in places if one.slug == slug), None)
    facts: dict[str, Any] = {
        "unit": unit,
        "above": unit_above(unit),
        "places": places,
        "choice": PlaceChoice({"parent": parent.slug} if parent else None, auto_id="id_filter_%s", places=places),
        "story": latest_events(unit, 30),
        "refused": form,
    }
    if parent is not None:
        effects = effects_of_move(unit, parent)
        shown: Any = form or MoveUnitForm(unit=unit, places=places)
        told = {"parent": parent.slug, "seen": token_of(effects)}
        shown.data = {**shown.data.dict(), **told} if form else shown.data
        shown.initial |= told
        facts |= {"parent": parent, "effects": effects, "form": shown}
        facts["people"] = len({person.pk for effect in effects for person in effect.people})
        facts["model"] = after if (after := model_after(unit, parent)) != model_of(unit) else None
    return render(request, "organisation/unit_move.html", facts, status=422 if form else 200)
