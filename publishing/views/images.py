from __future__ import annotations

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from organisation.forms import PersonRequest
from organisation.views.files import file_answer
from publishing.models import Captions
from publishing.queries import visible_media


@login_required
@require_GET
def image(request: PersonRequest, pk: int) -> HttpResponseBase:
    """An image of a post, for whoever sees the post. Our own encoding, our own type; nothing in it can run.

    With `?on` and a network, as that network gets it.
    """
    found = get_object_or_404(visible_media(request.user), pk=pk, seconds=None)
    path, mime = found.sent_to(request.GET.get("on", ""))
    return _served(request, found.flat if found.flat and path == found.flat.name else found.file, mime)


@login_required
@require_GET
def video(request: PersonRequest, pk: int) -> HttpResponseBase:
    """A video of a post, for whoever sees the post; as what we found it to be, and nothing in it can run."""
    found = get_object_or_404(visible_media(request.user), pk=pk, seconds__isnull=False)
    return _served(request, found.file, found.mime)


@login_required
@require_GET
def captions(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The words of a video, written by us."""
    found = get_object_or_404(Captions.objects.filter(media__in=visible_media(request.user)), pk=pk)
    return _served(request, found.webvtt, "text/vtt; charset=utf-8")


def _served(request: HttpRequest, file: FieldFile, mime: str) -> HttpResponseBase:
    return answered(request, Path(file.path), mime)


def answered(request: HttpRequest, place: Path, mime: str) -> HttpResponseBase:
    """A file as what we know it to be, for this browser alone to keep."""
    answer = file_answer(request, place, mime)
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
