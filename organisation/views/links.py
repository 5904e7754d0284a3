"""One-time links: handed over by an administrator, opened by the person. Lost second factors."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from organisation import devices, limits, mails, policy
from organisation.actions import propose_recovery
from organisation.actions.links import digest_of, make_link
from organisation.enums import Permission
from organisation.forms import PasswordForm, PersonRequest
from organisation.lifecycle import Refused
from organisation.models import Person, SignInLink
from organisation.models.recovery import RecoveryKind
from organisation.queries import visible_people
from organisation.queries.authority import weighs

OPENED = "link"  # in the session: whose link was opened here, as its hash


@login_required
@require_POST
def person_link(request: PersonRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(visible_people(request.user), pk=pk)
    policy.require(request.user, Permission.PERSON_MANAGE, person)
    return hand_over(request, person)


def hand_over(request: PersonRequest, person: Person) -> HttpResponse:
    """By mail where there is mail; else, and where the mail does not leave, on the page, this once. For somebody whose
    role weighs it is proposed, and shown to the second person."""
    if settings.MAIL_WORKS:
        secret = make_link(person=person, by=request.user, by_mail=True)
        if mails.send("access", to=person, address=_address(request, secret), by=request.user):
            told = _("A message with a one-time link is on its way to %(address)s.") % {"address": person.email}
            messages.success(request, told)
            return redirect("organisation:person_detail", person.pk)
        messages.error(request, _("The message could not be sent. A link that is handed over takes its place."))
    if weighs(person):
        return propose(request, person, RecoveryKind.LINK, _("A link for somebody who cannot sign in"))
    return show_link(request, person, make_link(person=person, by=request.user, by_mail=False))


def propose(request: PersonRequest, person: Person, kind: RecoveryKind, reason: str) -> HttpResponse:
    try:
        propose_recovery(person=person, kind=kind, reason=reason, by=request.user)
        messages.success(request, _("It is proposed. It is done once a second administrator confirms it."))
    except Refused as refused:
        for sentence in refused.reasons:
            messages.error(request, sentence)
    return redirect("organisation:person_detail", person.pk)


def show_link(request: PersonRequest, person: Person, secret: str) -> HttpResponse:
    """This once, and in no cache."""
    facts = {"person": person, "address": _address(request, secret)}
    shown = render(request, "organisation/link_made.html", facts)
    add_never_cache_headers(shown)
    return shown


def _address(request: HttpRequest, secret: str) -> str:
    """Its secret is no part of the path: logs of accesses tell paths."""
    return mails.address_of(request, f"{reverse('organisation:welcome')}?key={secret}")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Opening the link uses nothing up: scanners of mail open links too. Choosing the password does."""
    if "key" in request.GET:
        return _open(request, request.GET["key"])
    link = SignInLink.objects.alive().filter(digest=request.session.get(OPENED, "")).select_related("person").first()
    if link is None:
        return render(request, "organisation/link_gone.html")
    form = PasswordForm(request.POST or None, person=link.person)
    if form.is_valid() and (person := form.save(link.digest)):
        logout(request)  # whoever was signed in here is somebody else now
        messages.success(request, _("Your password is kept. Sign in with it."))
        response = redirect("account_login")
        devices.remember(request, response, person.email)
        return response
    facts = {"form": form, "person": link.person}
    return render(request, "organisation/welcome.html", facts, status=422 if form.is_bound else 200)


def _open(request: HttpRequest, secret: str) -> HttpResponse:
    """Remembers the link in the session and takes it out of the address."""
    try:
        tries = limits.link(request)
    except ValidationError as stopped:
        return render(request, "organisation/link_gone.html", {"stopped": stopped.messages}, status=429)
    if SignInLink.objects.alive().filter(digest=digest_of(secret)).exists():
        tries.rollback()
        request.session[OPENED] = digest_of(secret)
    else:
        request.session.pop(OPENED, None)
    return redirect("organisation:welcome")
