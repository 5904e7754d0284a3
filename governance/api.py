"""The API under /api/v1/: every room's router, one schema, and one way of saying what went wrong.

Same actions and same policy as the pages; so a refusal says the same sentences.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from drf_spectacular.views import SpectacularAPIView
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler

from networks.errors import NetworkError
from organisation.lifecycle import Conflict, Outdated, Refused, Unconfirmed
from organisation.locks import was_overtaken
from organisation.queries import story

ROOMS = (
    "organisation",
    "notices",
    "accounts_registry",
    "approvals",
    "delivery",
    "monitoring",
    "publishing",
    "conversations",
    "crisis",
)
LATEST_EVENTS = 3


def explain(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Refused → 400 with its sentences at the field (or under `detail`), Conflict → 409 with what happened meanwhile.

    Outdated → 409 with its sentences: it was another text that was read.
    Unconfirmed → 409 with what is asked, a `code`, and in `meant` what to send back at that field for a yes.
    So is an act that the database ended in favour of another.

    A network's error becomes 502 without its words: what a network says may hold what is not for everybody.
    Everything else as the framework says it; None makes a 500.
    """
    told: dict[str, Any]
    code: int
    match problem:
        case Unconfirmed():
            told, code = _asked(problem), status.HTTP_409_CONFLICT
        case Outdated():
            told, code = {"detail": " ".join(problem.reasons), "code": "outdated"}, status.HTTP_409_CONFLICT
        case Refused():
            told, code = {problem.field or "detail": problem.reasons}, status.HTTP_400_BAD_REQUEST
        case ValidationError():
            told, code = _by_field(problem), status.HTTP_400_BAD_REQUEST
        case Conflict():
            told, code = _meanwhile(problem), status.HTTP_409_CONFLICT
        case OperationalError() if was_overtaken(problem):
            told = {"detail": _("Somebody was faster; nothing was changed. Try again."), "code": "overtaken"}
            code = status.HTTP_409_CONFLICT
        case NetworkError():
            told = {"detail": _("The network did not do this. Try again later."), "code": problem.code}
            code = status.HTTP_502_BAD_GATEWAY
        case RequestDataTooBig():
            told = {"detail": _("This is too long. Send less at once."), "code": "too_large"}
            code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
        case _:
            return exception_handler(problem, context)
    return Response(told, status=code)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere: for programs in the API's own words, for people as a page."""
    if not request.path.startswith("/api/"):
        return page_not_found(request, exception)
    return JsonResponse({"detail": _("Not found.")}, status=status.HTTP_404_NOT_FOUND)


def _by_field(problem: ValidationError) -> dict[str, list[str]]:
    told = problem.message_dict if hasattr(problem, "error_dict") else {"detail": problem.messages}
    return {"detail" if name == NON_FIELD_ERRORS else name: sentences for name, sentences in told.items()}


def _asked(problem: Unconfirmed) -> dict[str, Any]:
    told = [{"sentence": one.sentence, "url": one.url} for one in problem.told]
    return {"detail": problem.question, "code": problem.code, "meant": problem.token, "told": told}


def _meanwhile(problem: Conflict) -> dict[str, Any]:
    thing: Any = problem.thing
    return {
        "detail": _("Somebody changed this meanwhile; nothing was applied."),
        "state": getattr(thing, "state", None),
        "events": [
            {"told": event.told, "occurred_at": event.occurred_at.isoformat()} for event in story(thing)[:LATEST_EVENTS]
        ],
    }


def _router() -> SimpleRouter:
    """All rooms' routes; a room has an `api` with a `router` or it has none."""
    everything = SimpleRouter()
    for room in ROOMS:
        if find_spec(f"{room}.api"):
            routes: SimpleRouter | None = getattr(import_module(f"{room}.api"), "router", None)
            everything.registry.extend(routes.registry if routes else [])
    return everything


urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="schema"),
    path("", include(_router().urls)),
]
