"""A role prolonged, and the next step of who was new."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisation import policy
from organisation.enums import Permission
from organisation.forms import AdvanceForm, PersonRequest, ProlongForm
from organisation.queries import visible_grants
from organisation.views.people import person_page

FORMS: dict[str, type[AdvanceForm | ProlongForm]] = {"prolong": ProlongForm, "advance": AdvanceForm}


@login_required
@require_POST
def grant_replace(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    grant = get_object_or_404(visible_grants(request.user), pk=pk)
    policy.require(request.user, Permission.PERSON_MANAGE, grant)
    form = FORMS[verb](request.POST, grant=grant)
    if form.is_valid() and (made := form.save(request.user)):
        told = _("The role is proposed. It holds once a second person confirms it.")
        messages.success(request, told if made.is_proposed else _("The role is prolonged."))
        return redirect("organisation:person_detail", grant.person_id)
    return person_page(request, grant.person, refused_grant=(grant.pk, verb, form))
