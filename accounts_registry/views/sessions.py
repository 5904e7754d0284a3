"""Sessions of the committee: the list, one planned and prepared, opened, closed, cancelled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry import actions
from accounts_registry.enums import SESSION_LIFECYCLE
from accounts_registry.forms.sessions import AgendaForm, AttendanceForm, SessionForm
from accounts_registry.models import CommitteeSession
from accounts_registry.queries.session_calendar import as_icalendar
from accounts_registry.queries.sessions import TO_COME, committees_of, visible_sessions
from accounts_registry.views.session_page import session_answer
from organisation import policy
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.queries import Keyset
from organisation.views.once import once, once_a_change

SOONEST_FIRST = Keyset("starts_at", size=25, newest_first=False)
LATEST_FIRST = Keyset("starts_at", size=25)

# Verb → (action, whether it asks why, what the page says afterwards).
ACTS: dict[str, tuple[Any, bool, Any]] = {
    "open": (actions.open_session, False, _("The session is open.")),
    "close": (actions.close_session, False, _("The session is closed. Write the minutes.")),
    "cancel": (actions.cancel_session, True, _("The session is cancelled; its members are told.")),
}


@login_required
@require_GET
def session_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.DOSSIER_VIEW)
    past = request.GET.get("show") == "past"
    found, order = visible_sessions(request.user), LATEST_FIRST if past else SOONEST_FIRST
    found = found.exclude(state__in=TO_COME) if past else found.filter(state__in=TO_COME)
    page = order.page(found, request.GET.get("page", ""))
    facts = {"page": page, "past": past, "may_plan": committees_of(request.user).exists()}
    facts["tabs"] = [
        {"url": "?", "label": _("To come"), "current": not past},
        {"url": "?show=past", "label": _("Past"), "current": past},
    ]
    return render(request, "accounts_registry/session_list.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
@once
def session_new(request: PersonRequest) -> HttpResponse:
    if not committees_of(request.user).exists():
        raise PermissionDenied(_("Whoever chairs the committee, or prepares its work, plans its sessions."))
    form = SessionForm(request.POST or None, person=request.user)
    if form.is_valid() and (planned := form.save()):
        messages.success(request, _("The session is planned and its members are told. Set the agenda."))
        return redirect("accounts_registry:session_agenda", planned.pk)
    return render(request, "accounts_registry/session_form.html", {"form": form}, status=422 if form.is_bound else 200)


def visible_session(request: PersonRequest, pk: int) -> CommitteeSession:
    return get_object_or_404(visible_sessions(request.user), pk=pk)


def prepared_session(request: PersonRequest, pk: int) -> CommitteeSession:
    """For whoever prepares it."""
    session = visible_session(request, pk)
    policy.require(request.user, Permission.DOSSIER_CHECK, session)
    return session


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def session_edit(request: PersonRequest, pk: int) -> HttpResponse:
    session = prepared_session(request, pk)
    if request.method == "GET" and not session.is_planned:
        return redirect(session)
    form = SessionForm(request.POST or None, person=request.user, session=session)
    if form.is_valid() and form.save():
        messages.success(request, _("Saved."))
        return redirect(session)
    facts = {"form": form, "session": session}
    return render(request, "accounts_registry/session_form.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def session_agenda(request: PersonRequest, pk: int) -> HttpResponse:
    session = prepared_session(request, pk)
    if request.method == "GET" and session.state not in TO_COME:
        return redirect(session)
    form = AgendaForm(request.POST or None, session=session)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("The agenda is saved."))
        return redirect(session)
    facts = {"form": form, "session": session}
    return render(request, "accounts_registry/session_agenda.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def session_attendance(request: PersonRequest, pk: int) -> HttpResponse:
    session = prepared_session(request, pk)
    if request.method == "GET" and session.state not in TO_COME:
        return redirect(session)
    form = AttendanceForm(request.POST if request.method == "POST" else None, session=session)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Noted who attends."))
        return redirect(session)
    facts = {"form": form, "session": session}
    return render(request, "accounts_registry/session_attendance.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_GET
def session_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return session_answer(request, visible_session(request, pk))


@login_required
@require_GET
def session_calendar(request: PersonRequest, pk: int) -> HttpResponse:
    """For the member's own calendar."""
    session = visible_session(request, pk)
    page = request.build_absolute_uri(session.get_absolute_url())
    answer = HttpResponse(as_icalendar(session, page, database_now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="session-{session.pk}.ics"'
    return answer


@login_required
@require_POST
def session_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    session = visible_session(request, pk)
    permission = SESSION_LIFECYCLE.permission_for(verb, session)
    assert permission is not None
    policy.require(request.user, permission, session)
    action, asks_why, done = ACTS[verb]
    form = ReasonForm(request.POST) if asks_why else ActionForm(request.POST)
    if form.is_valid() and form.carry_out(action, session=session, by=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect(session)
    return session_answer(request, session, refused={verb: form})
