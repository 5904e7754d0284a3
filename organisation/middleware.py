"""Whoever signed in is met in their language and their unit's time; acts that cannot happen now are explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from organisation.forms import HtmxRequest
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from organisation.queries import story


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return self.get_response(request)
        if not person.is_active:
            logout(request)
            return self.get_response(request)
        translation.activate(person.language)
        request.LANGUAGE_CODE = person.language
        with timezone.override(person.unit.zone):
            answer = self.get_response(request)
        if "Cache-Control" not in answer:
            # What one person sees is nobody else's: no cache on the way keeps it, and their own asks again.
            patch_cache_control(answer, private=True, no_cache=True)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page's Conflict becomes a page that shows what changed; a Refused that no form took, a message."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, Conflict):
            facts = {"thing": exception.thing, "story": story(exception.thing)[:3], "back": _back(request)}
            return render(request, "409.html", facts, status=409)
        if isinstance(exception, Refused):
            for reason in exception.reasons:
                messages.error(request, reason)
            return HttpResponseRedirect(_back(request))
        return None


def _back(request: HttpRequest) -> str:
    referrer = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if safe else "/"


class PartsMiddleware:
    """The same address answers with a page or with a part of it: no cache may take one for the other, and a redirect
    leads the whole page elsewhere (to the sign-in, where a session ended), never into a part of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked = cast("HtmxRequest", request).htmx
        if asked:
            if isinstance(response, HttpResponseRedirect):
                response = HttpResponseClientRedirect(_whole_page(response.url, asked.current_url_abs_path or "/"))
            patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["HX-Request"])
        return response


def _whole_page(url: str, here: str) -> str:
    """After a sign-in one comes back to the page that asked, not to its part."""
    return redirect_to_login(here).url if urlsplit(url).path == resolve_url(settings.LOGIN_URL) else url
