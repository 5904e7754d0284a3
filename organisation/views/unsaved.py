"""What is typed comes here a few seconds later, before anybody saves it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import formats, timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation import limits
from organisation.actions import discard_unsaved, keep_unsaved
from organisation.long_forms import is_place, mark_of
from organisation.typed import is_secret
from organisation.views.asking import asker

MOST_BYTES = 300_000
MOST_FIELDS = 400
LONGEST_NAME = 100


@login_required
@require_http_methods(["PUT"])
def unsaved(request: HttpRequest) -> HttpResponse:
    """Keeps {"place", "mark", "person", "texts": [[field, text], …]}; answers with the sentence that says when.

    403 where the page was another person's, 410 where it was saved meanwhile, 400 for what no form of ours sends, 413
    and 429 for too much of it.
    """
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        told = json.loads(request.body)
        place, mark, texts = str(told["place"]), mark_of(told["mark"]), _texts(told["texts"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return HttpResponse(status=400)
    if mark is None or not is_place(place):
        return HttpResponse(status=400)
    if told.get("person") != str(asker(request).pk):
        return HttpResponse(status=403)  # somebody else signed in meanwhile, in another tab
    return _keep(request, mark, place, texts)


def _keep(request: HttpRequest, mark: UUID, place: str, texts: dict[str, list[str]]) -> HttpResponse:
    try:
        limits.keeping(request)
    except ValidationError:
        return HttpResponse(status=429)
    kept = keep_unsaved(person=asker(request), mark=mark, place=place, texts=json.dumps(texts))
    if kept is None:
        return HttpResponse(status=410)
    when = formats.time_format(timezone.localtime(kept), "H:i")
    return JsonResponse({"told": _("Kept for you at %(when)s. It is not saved yet.") % {"when": when}})


def _texts(told: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in told:
        if not (isinstance(name, str) and isinstance(text, str)) or len(name) > LONGEST_NAME:
            raise ValueError("no field of a form")
        if not is_secret(name):
            found.setdefault(_storable(name), []).append(_storable(text))
    if len(found) > MOST_FIELDS:
        raise ValueError("no form of ours has so many fields")
    return found


def _storable(text: str) -> str:
    """Without what a database cannot hold."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


@login_required
@require_POST
def unsaved_discard(request: HttpRequest) -> HttpResponse:
    """Forgets what was not saved, and goes back to the form as it stands."""
    if mark := mark_of(request.POST.get("mark")):
        discard_unsaved(person=asker(request), mark=mark)
    there = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if is_here else "/")
