"""Pages for everybody: nobody signs in, no session, no cookie, nothing of who asks; any cache on the way may keep them.

They are answered before all that is about people: what a page says depends on its address alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation
from django.utils.cache import patch_cache_control

from organisation.enums import Language

BEGINNINGS = ("/public/", "/.well-known/")
SECONDS = 60  # for which a cache may keep a page, and go on showing it while it asks for the next


class PublicPagesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answer = cast("Callable[[HttpRequest], HttpResponse]", convert_exception_to_response(_answer))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(BEGINNINGS):
            return self.get_response(request)
        request.COOKIES = {}  # so that nothing that one reader chose is kept for others
        answer = self.answer(request)
        answer.setdefault("X-Frame-Options", "DENY")
        return answer


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        match = resolve(request.path_info)
    except Http404:
        return _nothing()
    request.resolver_match = match
    code = match.kwargs.get("language", "")
    with translation.override(code if code in Language.values else settings.LANGUAGE_CODE):
        try:
            answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except Http404:
            answer = _nothing()
    if answer.status_code in (200, 302, 304):
        patch_cache_control(answer, public=True, max_age=SECONDS, stale_while_revalidate=SECONDS)
    return answer


def _nothing() -> HttpResponse:
    return HttpResponse(render_to_string("public/404.html"), status=404)
