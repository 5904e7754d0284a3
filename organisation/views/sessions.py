"""Where somebody is signed in, and how they end it from afar."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from organisation import devices
from organisation.actions import end_other_sessions, end_session, unlink_identity
from organisation.forms import PersonRequest
from organisation.models import PersonSession
from organisation.queries.sessions import own_identity, sessions_of


@login_required
@require_GET
def my_sessions(request: PersonRequest) -> HttpResponse:
    """A session from before sessions were written down is shown as this one, without since when."""
    here, found = request.session.session_key, list(sessions_of(request.user))
    this = next((one for one in found if one.session_key == here), None)
    if this is None:
        browser, system = devices.described(request)
        this = PersonSession(person=request.user, browser=browser, system=system)
    identity, provider = own_identity(request.user), settings.PROVIDER is not None
    facts: dict[str, Any] = {
        "identity": identity,
        "provider": provider,
        "this": this,
        "others": [one for one in found if one.pk != this.pk],
    }
    return render(request, "organisation/sessions.html", facts)


@login_required
@require_POST
def identity_unlink(request: PersonRequest) -> HttpResponse:
    if identity := own_identity(request.user):
        person = unlink_identity(identity=identity, by=request.user)
        update_session_auth_hash(request, person)  # this session goes on
        messages.success(request, _("The link is ended, and so are your other sessions."))
    return redirect("organisation:my_sessions")


@login_required
@require_POST
def session_end(request: PersonRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(sessions_of(request.user), pk=pk)
    end_session(session=session, by=request.user, here=str(request.session.session_key))
    messages.success(request, _("That session is ended: %(device)s.") % {"device": session.device})
    return redirect("organisation:my_sessions")


@login_required
@require_POST
def sessions_end_others(request: PersonRequest) -> HttpResponse:
    person = end_other_sessions(by=request.user, here=str(request.session.session_key))
    update_session_auth_hash(request, person)  # this one goes on, and is called anew
    messages.success(request, _("You are signed in here alone. If somebody knew your password, change it now."))
    return redirect("organisation:my_sessions")
