from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from delivery.queries.addresses import file_at


@require_safe
def outgoing(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file on its way out, for the network that fetches it: whoever holds the address, while it is being sent."""
    found = file_at(token)
    if found is None or not found[0].is_file():
        raise Http404
    place, mime = found
    answer = FileResponse(place.open("rb"), content_type=mime)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
