"""Roles lent to colleagues for a time: one's own, and of whom one administers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation.actions import require_ending, revoke_delegation
from organisation.forms import DelegationWriting, PersonRequest, ReasonForm
from organisation.long_forms import LongForm, written
from organisation.models import Delegation, Person
from organisation.queries.delegations import FIRST_TO_BEGIN, may_end, of_person, own_to_lend, visible_delegations
from organisation.views.once import once


class DelegationForm(DelegationWriting, LongForm):
    kept_as = "delegation"


def delegation_row(person: Person, one: Delegation, refused: tuple[int, ReasonForm] | None = None) -> dict[str, Any]:
    """A delegation as a page shows it to `person`, and the form that was refused, where it was about this one."""
    form = refused[1] if refused and refused[0] == one.pk else None
    return {"delegation": one, "may_end": may_end(person, one), "refused": form}


def delegation_rows(person: Person, about: Person) -> list[dict[str, Any]]:
    """Whatever `about` lent, or was lent to them."""
    return [delegation_row(person, one) for one in of_person(person, about)]


@login_required
@require_GET
def delegation_list(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, refused: tuple[int, ReasonForm] | None = None) -> HttpResponse:
    page = FIRST_TO_BEGIN.page(visible_delegations(request.user), request.GET.get("page", ""))
    facts = {
        "page": page,
        "rows": [delegation_row(request.user, one, refused) for one in page.rows],
        "may_lend": own_to_lend(request.user).exists(),
    }
    return render(request, "organisation/delegation_list.html", facts, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "POST"])
@once
def delegation_new(request: PersonRequest) -> HttpResponse:
    form = DelegationForm(*written(request, DelegationForm), person=request.user)
    if form.is_valid() and (made := form.save()):
        told = _("%(name)s stands in for you. It ends by itself, and you may end it before.")
        messages.success(request, told % {"name": made.delegate.name})
        return redirect("organisation:delegation_list")
    facts = {"form": form, "may_lend": own_to_lend(request.user).exists()}
    return render(request, "organisation/delegation_new.html", facts, status=form.status)


@login_required
@require_POST
def delegation_end(request: PersonRequest, pk: int) -> HttpResponse:
    delegation = get_object_or_404(visible_delegations(request.user), pk=pk)
    require_ending(request.user, delegation)
    form = ReasonForm(request.POST)
    facts = {"delegation": delegation, "by": request.user}
    if form.is_valid() and form.carry_out(revoke_delegation, **facts, **form.cleaned_data) is not None:
        messages.success(request, _("The delegation is ended."))
        return redirect("organisation:delegation_list")
    return _page(request, (pk, form))
