"""`/alive`: the process answers, whatever else is down. `/ready`: what it needs answers too. For probes.

Probes come from inside, by a machine's address and without TLS: they are answered before anybody asks which host was
meant, or leads to HTTPS. They tell nothing but yes or no.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database does not answer. Not the broker: without it messages still leave, seconds later."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse({"ready": True, "database": True})


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/alive": alive, "/ready": ready}


class ProbesMiddleware:
    """The first of all: what stands after it may refuse a probe for its host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path_info, self.get_response)(request)
