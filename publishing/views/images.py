from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from organisation.forms import PersonRequest
from publishing.queries import visible_media


@login_required
@require_GET
def image(request: PersonRequest, pk: int) -> HttpResponseBase:
    """An image of a post, for whoever sees the post. Our own encoding, our own type; nothing in it can run."""
    found = get_object_or_404(visible_media(request.user), pk=pk)
    try:
        answer = FileResponse(found.file.open("rb"), content_type=found.mime)
    except FileNotFoundError:
        raise Http404 from None
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
