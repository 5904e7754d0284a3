"""Minutes of a session: written, approved by another member, taken along."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts_registry.actions import export_minutes
from accounts_registry.enums import MINUTES_LIFECYCLE, FileKind
from accounts_registry.forms.sessions import ApproveForm, MinutesFileForm, MinutesForm
from accounts_registry.models import CommitteeSession, Minutes
from accounts_registry.queries.minutes_document import content_of, document_of, hash_of
from accounts_registry.queries.sessions import visible_minutes
from accounts_registry.views.sessions import visible_session
from organisation import policy
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest
from organisation.long_forms import written
from organisation.queries import latest_events
from organisation.views.once import once_a_change


def _minutes_of(request: PersonRequest, session: CommitteeSession) -> Minutes | None:
    return visible_minutes(request.user).filter(session=session).first()


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def session_minutes(request: PersonRequest, pk: int) -> HttpResponse:
    """What they say; for whoever prepares the committee's work, the form in which they are written."""
    session = visible_session(request, pk)
    if not session.is_closed:
        raise Http404
    if request.method == "POST":
        policy.require(request.user, Permission.DOSSIER_CHECK, session)
    minutes = _minutes_of(request, session)
    form = MinutesForm(*written(request, MinutesForm, session), minutes=minutes)
    if request.method == "POST" and form.is_valid() and form.save(session, request.user):
        messages.success(request, _("The minutes are written. Another member approves them."))
        return redirect("accounts_registry:session_minutes", pk)
    return _page(request, session, minutes, form)


def _page(
    request: PersonRequest,
    session: CommitteeSession,
    minutes: Minutes | None,
    form: MinutesForm | None = None,
    refused: ActionForm | None = None,
) -> HttpResponse:
    may_write = policy.allows(request.user, Permission.DOSSIER_CHECK, session)
    facts: dict[str, Any] = {"session": session, "minutes": minutes, "refused": refused, "may_write": may_write}
    if may_write and not (minutes and minutes.is_approved):
        facts["form"] = form or MinutesForm(minutes=minutes)
    if minutes is not None:
        mine = get_language() or ""
        spoken = session.unit.languages
        facts["document"] = document_of(minutes, mine if mine in spoken else spoken[0])
        facts["file_form"] = MinutesFileForm(session=session, mine=mine)
        facts["story"] = latest_events(minutes, 30)
        if any(edge.name == "approve" for edge in offered(MINUTES_LIFECYCLE, minutes, request.user)):
            facts["approve_form"] = ApproveForm(initial={"content_hash": hash_of(content_of(minutes))})
    status = form.status if form is not None else 422 if refused else 200
    return render(request, "accounts_registry/session_minutes.html", facts, status=status)


@login_required
@require_POST
def minutes_approve(request: PersonRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    minutes: Minutes = get_object_or_404(visible_minutes(request.user), session=session)
    policy.require(request.user, Permission.DOSSIER_VOTE, minutes)
    form = ApproveForm(request.POST)
    if form.is_valid() and form.save(minutes, request.user):
        messages.success(request, _("The minutes are approved, and kept as they are."))
        return redirect("accounts_registry:session_minutes", pk)
    return _page(request, session, minutes, refused=form)


@login_required
@require_POST
def minutes_file(request: PersonRequest, pk: int) -> HttpResponse:
    """The minutes to take along, in one of the languages of the unit. A POST: that they left is an event."""
    session = visible_session(request, pk)
    minutes: Minutes = get_object_or_404(visible_minutes(request.user), session=session)
    form = MinutesFileForm(request.POST, session=session)
    if not form.is_valid():
        raise BadRequest("no kind of file, or no language, that these minutes come in")
    kind, language = FileKind(form.cleaned_data["kind"]), form.cleaned_data["language"]
    made = export_minutes(minutes=minutes, by=request.user, kind=kind, language=language)
    answer = HttpResponse(made, content_type=kind.content_type)
    answer["Content-Disposition"] = f'attachment; filename="minutes-{session.day:%Y-%m-%d}-{language}.{kind}"'
    return answer
