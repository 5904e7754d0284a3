"""Somebody's work here ends: what they hold, who takes over what, and the one act."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from organisation import policy
from organisation.enums import Permission
from organisation.forms import LeavingForm, PersonRequest
from organisation.queries import visible_people
from organisation.queries.leaving import held_by


@login_required
@require_http_methods(["GET", "POST"])
def person_leave(request: PersonRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(visible_people(request.user), pk=pk)
    policy.require(request.user, Permission.PERSON_MANAGE, person)
    held = held_by(person, request.user)
    form = LeavingForm(request.POST or None, held=held)
    if form.is_valid() and form.save(person, request.user):
        messages.success(
            request, _("%(name)s is out: nothing of theirs opens Parvis any more.") % {"name": person.name}
        )
        left = form.left_alone()
        if left:
            told = ngettext(
                "One thing has nobody who answers for it now: %(what)s.",
                "%(n)d things have nobody who answers for them now: %(what)s.",
                len(left),
            )
            messages.warning(request, told % {"n": len(left), "what": ", ".join(left)})
        return redirect("organisation:person_detail", pk)
    facts = {"person": person, "held": held, "form": form}
    return render(request, "organisation/person_leave.html", facts, status=422 if form.is_bound else 200)
