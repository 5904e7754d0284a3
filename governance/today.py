"""Today: what waits for the person, room by room, by urgency."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from governance import rooms
from organisation.forms import PersonRequest
from organisation.queries.waiting import by_urgency


@login_required
@require_GET
def today(request: PersonRequest) -> HttpResponse:
    waiting = by_urgency(rooms.answers("waiting_for", request.user))
    facts = {
        "has_a_role": bool(request.user.held_grants()),
        "waiting": waiting,
        "count": sum(one.count for one in waiting),
        "coming": by_urgency(rooms.answers("coming_for", request.user))[:10],
    }
    return render(request, "governance/today.html", facts)
