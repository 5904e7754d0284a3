"""Whoever signed in is met in their language and their unit's time; acts that cannot happen now are explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from organisation.bearer import nothing_borne
from organisation.forms import HtmxRequest
from organisation.lifecycle import Conflict, Refused
from organisation.locks import was_overtaken
from organisation.models import Person
from organisation.queries import latest_events
from organisation.queries.factors import Standing, asks_second_factor, standing
from organisation.typed import typed


class KeyMiddleware:
    """What a program's key brought along (`organisation.authentication`) ends with its request; nothing that it is told
    is kept on the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "Authorization" not in request.headers:
            return self.get_response(request)
        with nothing_borne(), timezone.override(timezone.get_current_timezone()):
            answer = self.get_response(request)
        if "Cache-Control" not in answer:
            patch_cache_control(answer, private=True, no_store=True)
        return answer


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return _hand_back(request, self.get_response(request))
        if not person.is_active:
            logout(request)
            return _hand_back(request, self.get_response(request))
        translation.activate(person.language)
        request.LANGUAGE_CODE = person.language
        with timezone.override(person.unit.zone):
            answer = _hand_back(request, self.get_response(request))
        if "Cache-Control" not in answer:
            # What one person sees is nobody else's: no cache on the way keeps it, and their own asks again.
            patch_cache_control(answer, private=True, no_cache=True)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page's Conflict becomes a page that shows what changed; a Refused that no form took, a message, or a page
        that hands back what was typed."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, Conflict):
            facts = {"thing": exception.thing, "story": latest_events(exception.thing, 3), "back": _back(request)}
            return render(request, "409.html", facts, status=409)
        if was_overtaken(exception):
            return render(request, "409.html", {"back": _back(request)}, status=409)
        if isinstance(exception, Refused):
            if typed(request):
                facts = {"reasons": exception.reasons, "back": _back(request)}
                return render(request, "refused.html", facts, status=422)
            for reason in exception.reasons:
                messages.error(request, reason)
            return HttpResponseRedirect(_back(request))
        return None


_OPEN = {
    *("account_login", "account_logout", "account_inactive", "account_signup", "account_reset_password"),
    *("account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done"),
    "organisation:welcome",
    *("alive", "ready", "choose_theme", "choose_language"),
    *("delivery:outgoing", "monitoring:webhook"),  # networks fetch and call; nobody's session is looked at
}
_WAYS_OUT = {
    Standing.MISSING: {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"},
    Standing.UNUSED: {"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_reauthenticate"},
}


class SecondFactorMiddleware:
    """No page and no API of the house for a session that lacks the second factor, but the ways to make up for it.

    What it looks at is how the person signed in (`queries.standing`), at each request: a grant that asks for a factor
    does so from the next click on, and a session from before a factor was set up has to show it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        found = standing(request, person) if isinstance(person, Person) else Standing.ENOUGH
        told = cast("Confined", request)
        told.confined = None if found is Standing.ENOUGH else found
        told.asked_by = asks_second_factor(person) if isinstance(person, Person) and told.confined else []
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        lacking = cast("Confined", request).confined
        name = request.resolver_match.view_name if request.resolver_match else ""
        if lacking is None or name in _OPEN or name in _WAYS_OUT[lacking]:
            return None
        if request.path.startswith("/api/"):
            told = {"code": lacking.value, "detail": _("Sign in with your second factor, on a page of Parvis.")}
            return JsonResponse(told, status=403)
        if lacking is Standing.MISSING:
            return redirect("mfa_index")
        here = request.get_full_path() if request.method == "GET" else "/"
        here = _page_of(request) if cast("HtmxRequest", request).htmx else here
        return redirect_to_login(here, resolve_url("mfa_reauthenticate"))


class Confined(HttpRequest):
    """A request that lacks its second factor in the way that `confined` says, for which these roles ask."""

    confined: Standing | None
    asked_by: list[str | Promise]


def _back(request: HttpRequest) -> str:
    referrer = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if safe else "/"


def _hand_back(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Who sends a form and is asked to sign in instead gets back what they typed; afterwards they are on the page of
    the form, for the form's own address shows nothing."""
    if getattr(request, "kept_for_proof", False):
        return answer
    if request.method != "POST" or not isinstance(answer, HttpResponseRedirect) or cast("HtmxRequest", request).htmx:
        return answer
    name, asked = request.resolver_match.view_name if request.resolver_match else "", urlsplit(answer.url).path
    if name in _OPEN or name.startswith(("account_", "mfa_")):  # ways in themselves
        return answer
    if asked not in {resolve_url(settings.LOGIN_URL), reverse("mfa_reauthenticate"), reverse("mfa_index")}:
        return answer
    there = answer.url if asked == reverse("mfa_index") else redirect_to_login(_back(request), asked).url
    if typed(request):
        return render(request, "signed_out.html", {"there": there}, status=403)
    return HttpResponseRedirect(there)


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
                response = HttpResponseClientRedirect(_whole_page(response.url, _page_of(request)))
            patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["HX-Request"])
        return response


def _page_of(request: HttpRequest) -> str:
    """The page from which a script asks; the first one where it names none, or what is no address."""
    try:
        return cast("HtmxRequest", request).htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"


def _whole_page(url: str, here: str) -> str:
    """After a sign-in one comes back to the page that asked, not to its part."""
    return redirect_to_login(here).url if urlsplit(url).path == resolve_url(settings.LOGIN_URL) else url
