"""Votes in writing: a dossier put to one, and a member who wants a session instead."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts_registry.actions import halt_written
from accounts_registry.forms.sessions import WrittenForm
from accounts_registry.models import JustificationDossier, WrittenProcedure
from accounts_registry.queries import visible_dossiers
from accounts_registry.views.audits import done
from accounts_registry.views.dossiers import dossier_answer
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest, ReasonForm
from organisation.views.once import once


@login_required
@require_POST
@once
def written_begin(request: PersonRequest, pk: int) -> HttpResponse:
    dossier: JustificationDossier = get_object_or_404(visible_dossiers(request.user), pk=pk)
    policy.require(request.user, Permission.DOSSIER_DECIDE, dossier)
    form = WrittenForm(request.POST)
    if form.is_valid() and form.save(dossier, request.user):
        messages.success(request, _("The committee votes in writing; its members are told."))
        return redirect("accounts_registry:dossier_detail", pk)
    return dossier_answer(request, dossier, written_form=form)


@login_required
@require_POST
def written_halt(request: PersonRequest, pk: int) -> HttpResponse:
    """`pk` is the procedure's."""
    found = WrittenProcedure.objects.filter(dossier__in=visible_dossiers(request.user))
    procedure: WrittenProcedure = get_object_or_404(found.select_related("dossier__unit"), pk=pk)
    policy.require(request.user, Permission.DOSSIER_VOTE, procedure)
    form = ReasonForm(request.POST)
    if form.is_valid() and done(form, halt_written, procedure=procedure, by=request.user, **form.cleaned_data):
        messages.success(request, _("It is dealt with in a session; the chair is told."))
        return redirect("accounts_registry:dossier_detail", procedure.dossier_id)
    dossier = visible_dossiers(request.user).get(pk=procedure.dossier_id)
    return dossier_answer(request, dossier, refused={"written": form})
