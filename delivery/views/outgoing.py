from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from delivery.queries.addresses import file_at
from organisation.views.files import file_answer


@require_safe
def outgoing(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file on its way out, for the network that fetches it: whoever holds the address, while it is being sent."""
    found = file_at(token)
    if found is None:
        raise Http404
    response = file_answer(request, *found)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
