"""What a session is called changes while it goes on, and when it was last used is shown: both are followed here."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse

from organisation import devices
from organisation.actions import keep_session, session_used
from organisation.models import Person

KEPT_AS = "kept_as"  # in the session: what it was called when it was last written down
SECONDS = 60.0  # between two notes of its use, in one process
_noted: dict[str, float] = {}


class SessionKeepingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if KEPT_AS in request.session and isinstance(request.user, Person):
            _follow(request, request.user)
        return answer


def written_down(request: HttpRequest, person: Person) -> None:
    """From the sign-in on, and again whenever the framework calls the session something else."""
    key = str(request.session.session_key or "")
    if key:
        session, device = request.session, devices.described(request)
        was, carried = (str(session.get(fact, "")) for fact in (KEPT_AS, HASH_SESSION_KEY))
        keep_session(person=person, session_key=key, carried=carried, device=device, was=was)
        request.session[KEPT_AS] = key


def _follow(request: HttpRequest, person: Person) -> None:
    key = str(request.session.session_key or "")
    if key != request.session[KEPT_AS]:
        written_down(request, person)
        return
    now = time.monotonic()
    if now - _noted.get(key, -SECONDS) >= SECONDS:
        if len(_noted) > 10_000:
            _noted.clear()
        _noted[key] = now
        session_used(session_key=key)
