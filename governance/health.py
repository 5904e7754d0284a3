"""`/alive`: the process answers, whatever else is down. `/ready`: what it needs answers too. For probes.

Probes come from inside, by a machine's address and without TLS: they are answered before anybody asks which host was
meant, or leads to HTTPS. They tell nothing of what anybody did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisation.queries.sealed import Seals, seals


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database does not answer. Not the broker: without it messages still leave, seconds later.

    `warnings` is what somebody has to look at while pages are answered all the same: the worker seals the audit trail,
    and taking the pages away would not bring it back.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found = seals()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    trail = {
        "unsealed_seconds": _age(found, found.waiting_since),
        "unkept_seconds": _age(found, found.unkept_since),
    }
    return JsonResponse({"ready": True, "database": True, "audit_trail": trail, "warnings": list(_warnings(found))})


def _age(found: Seals, since: datetime | None) -> int:
    return max(0, int((found.asked_at - since).total_seconds())) if since else 0


def _warnings(found: Seals) -> Iterator[str]:
    if found.is_late:
        yield "audit_trail_not_sealed"
    if found.behind:
        yield "checkpoints_not_kept"
    if not found.places:
        yield "checkpoints_kept_nowhere"


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/alive": alive, "/ready": ready}


class ProbesMiddleware:
    """The first of all: what stands after it may refuse a probe for its host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path_info, self.get_response)(request)
