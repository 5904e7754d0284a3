"""Today: what waits for the person, room by room, by urgency."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organisation.forms import PersonRequest
from organisation.models import Person
from organisation.queries.waiting import Waiting, by_urgency

ROOMS = ("organisation", "accounts_registry", "delivery", "publishing", "monitoring", "conversations", "crisis")


def _answers_of_rooms(person: Person, question: str) -> Iterator[Waiting]:
    """What each room answers to `question`: "waiting_for", or "coming_for" where a room looks ahead."""
    for room in ROOMS:
        if find_spec(f"{room}.queries"):
            ask: Callable[[Person], list[Waiting]] | None = getattr(import_module(f"{room}.queries"), question, None)
            yield from ask(person) if ask else ()


@login_required
@require_GET
def today(request: PersonRequest) -> HttpResponse:
    waiting = by_urgency(_answers_of_rooms(request.user, "waiting_for"))
    facts = {
        "has_a_role": bool(request.user.held_grants()),
        "waiting": waiting,
        "count": sum(one.count for one in waiting),
        "coming": by_urgency(_answers_of_rooms(request.user, "coming_for"))[:10],
    }
    return render(request, "governance/today.html", facts)
