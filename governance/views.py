"""The frame's own doors: theme, language and unit, and the gallery of components outside production."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import i18n
from django.views.decorators.http import require_POST, require_safe

from governance.context import THEME_COOKIE, THEMES, UNIT_IN_SESSION
from governance.gallery import samples
from organisation.actions import change_language
from organisation.models import Person
from organisation.queries import visible_units


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the form was on; never to another host."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if safe else "/")


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    answer = _back(request)
    if request.POST.get("theme") in THEMES:
        year = timedelta(days=365)
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(THEME_COOKIE, request.POST["theme"], max_age=year, secure=secure, samesite="Lax")
    return answer


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """In a cookie for who is not signed in; in the person's own settings for who is."""
    language = request.POST.get("language", "")
    person = request.user
    known = language in dict(settings.LANGUAGES)
    if known and isinstance(person, Person) and person.language != language:
        change_language(person=person, language=language)
    return i18n.set_language(request)


@login_required
@require_POST
def choose_unit(request: HttpRequest) -> HttpResponse:
    """Narrows lists to one unit that the person sees; an empty choice widens them to all."""
    assert isinstance(request.user, Person)
    wanted = request.POST.get("unit", "")
    chosen = next((unit for unit in visible_units(request.user) if unit.slug == wanted), None)
    request.session[UNIT_IN_SESSION] = chosen.pk if chosen else None
    return _back(request)


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, to look at and for the browser suite; there is no such page in production."""
    return render(request, "components/_gallery.html", samples())
