"""What somebody may do in a unit, and why: for themselves, and for whoever administers them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest, UnitChoice
from organisation.models import Person
from organisation.queries import looked_at, visible_people, visible_units
from organisation.queries.factors import asks_second_factor, has_second_factor
from organisation.rights import rights_in


@login_required
@require_GET
def my_rights(request: PersonRequest) -> HttpResponse:
    return _show(request, request.user)


@login_required
@require_GET
def person_rights(request: PersonRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(visible_people(request.user), pk=pk)
    policy.require(request.user, Permission.PERSON_MANAGE, person)
    return _show(request, person)


def _show(request: PersonRequest, person: Person) -> HttpResponse:
    """In the unit that is asked for, else the one looked at, else the person's own."""
    units = list(visible_units(request.user))
    form = UnitChoice(request.GET or None, auto_id="id_filter_%s", units=units)
    usual = looked_at(request.user, request.session.get("unit")) or person.unit
    unit = next((one for one in units if one.slug == form.chosen().get("unit")), usual)
    form.initial["unit"] = unit.slug
    asks = asks_second_factor(person)
    facts = {
        "form": form,
        "person": person,
        "is_own": person.pk == request.user.pk,
        "summary": rights_in(person, unit),
        "may_govern": policy.allows(request.user, Permission.UNIT_MANAGE, unit)
        and policy.may_govern(request.user, unit),
        "may_set_gates": policy.allows(request.user, Permission.UNIT_MANAGE, unit),
        "may_move": unit.depth > 1 and policy.allows(request.user, Permission.UNIT_MANAGE, unit),
        "asks_factor": asks if asks and not has_second_factor(person) else [],
    }
    return render(request, "organisation/rights.html", facts)
