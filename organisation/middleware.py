"""Whoever signed in is met in their language and their unit's time; acts that cannot happen now are explained."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

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
