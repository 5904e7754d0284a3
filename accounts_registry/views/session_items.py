"""In the room: votes, decisions, what is put off and what was said, point by point."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts_registry.forms import DecisionForm, VoteForm
from accounts_registry.forms.sessions import DeferForm, DiscussForm
from accounts_registry.models import AgendaItem, CommitteeSession, JustificationDossier
from accounts_registry.queries.sessions import agenda, to_deal_with, visible_sessions
from accounts_registry.views.session_page import session_answer
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest


def _item(request: PersonRequest, pk: int) -> AgendaItem:
    items = AgendaItem.objects.filter(session__in=visible_sessions(request.user))
    found: AgendaItem = get_object_or_404(
        items.select_related("session__unit", "session__opened_by", "dossier__unit"), pk=pk
    )
    return found


def _dossier(request: PersonRequest, pk: int, permission: Permission) -> tuple[AgendaItem, JustificationDossier]:
    item = _item(request, pk)
    if item.dossier is None:
        raise Http404
    policy.require(request.user, permission, item.dossier)
    return item, item.dossier


def _onwards(session: CommitteeSession) -> HttpResponse:
    """The next open point comes by itself; after the last one the page says so."""
    following = next(iter(to_deal_with(agenda(session))), None)
    return redirect(f"{session.get_absolute_url()}?item={following.pk}" if following else session.get_absolute_url())


@login_required
@require_POST
def item_vote(request: PersonRequest, pk: int) -> HttpResponse:
    item, dossier = _dossier(request, pk, Permission.DOSSIER_VOTE)
    form = VoteForm(request.POST)
    if form.is_valid() and form.save(dossier, request.user):
        messages.success(request, _("Your vote is recorded; you may change it until the decision."))
        return redirect(f"{reverse('accounts_registry:session_detail', args=[item.session_id])}?item={pk}")
    return session_answer(request, item.session, item, vote_form=form)


@login_required
@require_POST
def item_decide(request: PersonRequest, pk: int) -> HttpResponse:
    item, dossier = _dossier(request, pk, Permission.DOSSIER_DECIDE)
    form = DecisionForm(request.POST, dossier=dossier)
    if form.is_valid() and form.save(dossier, request.user):
        said = _("%(dossier)s is approved.") if dossier.is_approved else _("%(dossier)s is refused.")
        messages.success(request, said % {"dossier": dossier.title})
        return _onwards(item.session)
    return session_answer(request, item.session, item, decision_form=form)


@login_required
@require_POST
def item_defer(request: PersonRequest, pk: int) -> HttpResponse:
    item, dossier = _dossier(request, pk, Permission.DOSSIER_DECIDE)
    form = DeferForm(request.POST, session=item.session)
    if form.is_valid() and form.save(dossier, request.user):
        messages.success(request, _("The dossier is put off."))
        return _onwards(item.session)
    return session_answer(request, item.session, item, defer_form=form)


@login_required
@require_POST
def item_discuss(request: PersonRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    policy.require(request.user, Permission.DOSSIER_CHECK, item.session)
    form = DiscussForm(request.POST)
    if form.is_valid() and form.save(item, request.user):
        messages.success(request, _("Noted for the minutes."))
        return _onwards(item.session)
    return session_answer(request, item.session, item, discuss_form=form)
