"""To the administration's provider and back: to sign in, to link one's identity there, or to prove anew who one is."""

from __future__ import annotations

import hashlib
import logging
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from governance.oidc.exchange import NoAnswer, Question, answer_for, way_there
from governance.oidc.tokens import Tampered
from organisation import limits, mails
from organisation.actions import come_in, link_identity
from organisation.actions.identities import Unknown
from organisation.actions.sign_ins import count_failed_sign_in
from organisation.clock import database_now
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.provided import METHOD, forget_proof, shows_factor
from organisation.provider import Provider, Told
from organisation.queries.factors import has_second_factor

log = logging.getLogger(__name__)

UNDER_WAY = "provider_asked"  # in the session: what was asked, by its state
MOST = 4  # tabs from which somebody may be under way
LASTS = timedelta(minutes=10)
PROVED_WITHIN = 300  # seconds, where somebody is asked to prove anew who they are
SIGN_IN, LINK, AGAIN = "", "link", "again"


@never_cache
@require_GET
def provider_begin(request: HttpRequest, purpose: str = "") -> HttpResponse:
    """Leads to the provider's own page. What comes back has to fit what is kept here, once."""
    provider: Provider | None = settings.PROVIDER
    purpose = purpose or request.GET.get("for", SIGN_IN)
    if provider is None or purpose not in _ARRIVALS or (purpose and not request.user.is_authenticated):
        return redirect("account_login")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    asked = {"state": state, "nonce": nonce, "redirect_uri": _back(request), "ui_locales": get_language() or ""}
    asked |= {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
    if purpose:
        asked |= {"prompt": "login", "max_age": "0"}
    try:
        address = way_there(provider, **asked)
    except NoAnswer as error:
        log.warning("the provider of sign-ins does not answer: %s", error)
        return _told(request, _no_answer())
    kept: dict[str, Any] = {"nonce": nonce, "verifier": verifier, "for": purpose, "next": _next(request)}
    kept |= {"at": database_now().timestamp(), "who": request.user.pk}
    under_way = dict(list(request.session.get(UNDER_WAY, {}).items())[-MOST + 1 :])
    request.session[UNDER_WAY] = {**under_way, state: kept}
    return HttpResponseRedirect(address)


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _back(request: HttpRequest) -> str:
    return mails.address_of(request, reverse("provider_back"))


def _next(request: HttpRequest) -> str:
    """A page of ours alone."""
    there = request.GET.get(REDIRECT_FIELD_NAME, "")
    try:
        ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    except ValueError:
        ours = False
    return there if ours else ""


class _Stopped(Exception):
    """Nobody is signed in; the page says this sentence."""

    def __init__(self, sentence: str, status: int = 403) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


@never_cache
@require_GET
def provider_back(request: HttpRequest) -> HttpResponse:
    provider: Provider | None = settings.PROVIDER
    if provider is None:
        return redirect("account_login")
    try:
        kept = _kept(request)
        return _ARRIVALS[kept["for"]](request, _answer(request, provider, kept), kept)
    except _Stopped as stopped:
        return _told(request, stopped.sentence, stopped.status)


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What was asked in this session under this state: once, not for long, and by who is signed in still."""
    under_way = dict(request.session.get(UNDER_WAY, {}))
    kept: dict[str, Any] | None = under_way.pop(request.GET.get("state", ""), None)
    request.session[UNDER_WAY] = under_way
    over = kept is None or database_now().timestamp() - kept["at"] > LASTS.total_seconds()
    if kept is None or over or (kept["for"] and kept["who"] != request.user.pk):
        raise _Stopped(_("This way in is over, or was begun elsewhere. Begin anew."))
    return kept


def _answer(request: HttpRequest, provider: Provider, kept: dict[str, Any]) -> Told:
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise _not_accepted("another issuer answers")
    if "error" in request.GET or not request.GET.get("code"):
        raise _Stopped(_("The administration’s sign-in was broken off. Begin anew, or use your password."))
    try:
        tries = limits.provider(request)
        question = Question(kept["nonce"], kept["verifier"], _back(request), PROVED_WITHIN if kept["for"] else None)
        told = answer_for(provider, request.GET["code"], question)
    except ValidationError as stopped:
        raise _Stopped(stopped.messages[0], 429) from None
    except NoAnswer as error:
        log.warning("the provider of sign-ins does not answer: %s", error)
        raise _Stopped(_no_answer()) from None
    except Tampered as error:
        raise _not_accepted(str(error)) from None
    tries.rollback()
    return told


def _sign_in(request: HttpRequest, told: Told, kept: dict[str, Any]) -> HttpResponse:
    try:
        person = come_in(told=told)
    except (Unknown, Refused) as error:
        count_failed_sign_in(address=told.email or f"{told.issuer} {told.subject}", step="provider")
        raise _Stopped(str(error.reasons[0]) if isinstance(error, Refused) else _unknown()) from None
    if request.user.is_authenticated:
        logout(request)
    forget_proof(request)
    record_authentication(request, person, METHOD, acr=told.acr, amr=list(told.amr))
    return perform_login(request, Login(user=person, redirect_url=kept["next"] or None))


def _link(request: HttpRequest, told: Told, kept: dict[str, Any]) -> HttpResponse:
    assert isinstance(request.user, Person)
    try:
        link_identity(told=told, by=request.user)
        messages.success(request, _("Linked. From now on you may sign in with your account of the administration."))
    except Refused as refused:
        messages.error(request, refused.reasons[0])
    return redirect("organisation:my_sessions")


def _again(request: HttpRequest, told: Told, kept: dict[str, Any]) -> HttpResponse:
    """Whoever is signed in proved who they are anew, if it is they who did."""
    try:
        person = come_in(told=told)
    except (Unknown, Refused):
        person = None
    if person is None or person.pk != request.user.pk:
        raise _not_accepted("somebody else proved who they are")
    if has_second_factor(person) and not shows_factor(told.acr, list(told.amr)):
        raise _Stopped(_("You have a second factor: prove who you are with it."))
    record_authentication(request, person, METHOD, acr=told.acr, amr=list(told.amr), reauthenticated=True)
    request.GET = QueryDict(urlencode({REDIRECT_FIELD_NAME: kept["next"]}))
    return resume_request(request) or redirect(kept["next"] or resolve_url(settings.LOGIN_REDIRECT_URL))


_ARRIVALS = {SIGN_IN: _sign_in, LINK: _link, AGAIN: _again}


def _no_answer() -> str:
    return _("The administration’s sign-in does not answer. Try again later, or sign in with your password.")


def _unknown() -> str:
    return _(
        "The administration knows you, and Parvis does not yet. Sign in with your password and link your account, or "
        "ask an administrator of your unit for an invitation."
    )


def _not_accepted(why: str) -> _Stopped:
    """The log tells why, the page does not: whoever tampers learns nothing."""
    log.warning("an answer of the provider of sign-ins is not accepted: %s", why)
    return _Stopped(_("The answer of the administration’s sign-in does not fit, so nobody is signed in. Begin anew."))


def _told(request: HttpRequest, sentence: str, status: int = 403) -> HttpResponse:
    return render(request, "organisation/provider_told.html", {"sentence": sentence}, status=status)
