"""How people sign in: by e-mail, and only who was invited. Who guesses slows down themself (`limits`)."""

from __future__ import annotations

import logging
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from organisation import devices, factor_secrets, limits
from organisation.provided import provided_factor

log = logging.getLogger(__name__)

BEGUN = "sign_in_begun"  # in the session


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """An IPv4 address that is written as an IPv6 one is itself: of those the first half alone is looked at, and all
        of IPv4 would be one place."""
        said: str = super().get_client_ip(request)
        with suppress(ValueError):
            address = ip_address(said)
            if isinstance(address, IPv6Address) and address.ipv4_mapped:
                return str(address.ipv4_mapped)
        return said

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """In place of the library's own limit, which locks a person out for whatever strangers do."""
        login = credentials.get("email", "")
        self._login_failed_rl_usage = limits.password(request, login)  # the library gives it back where it was right

    def pre_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse | None:
        """The password was right: what a session of this person carries at this moment is kept for the second step."""
        stopped: HttpResponse | None = super().pre_login(request, user, **facts)
        request.session[BEGUN] = user.get_session_auth_hash()
        return stopped

    def login(self, request: HttpRequest, user: Any) -> None:
        """A sign-in begun before a suspension, a new password or a reset factor is as dead as a session from then."""
        begun = request.session.pop(BEGUN, "")
        if not user.is_active or not constant_time_compare(begun, user.get_session_auth_hash()):
            clear_login(request)
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def set_password(self, user: Any, password: str) -> None:
        """The password alone: the library would write the whole person as it read them, and so undo a suspension. Who
        was suspended, or given another way in, since they were read has to come in anew."""
        was = user.get_session_auth_hash()
        user.set_password(password)
        with transaction.atomic():
            now = get_user_model().objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
            if not now.is_active or not constant_time_compare(now.get_session_auth_hash(), was):
                raise ImmediateHttpResponse(redirect("account_login"))
            user.save(update_fields=["password"])

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse:
        """Only a complete sign-in, with its second step, makes a device known."""
        response: HttpResponse = super().post_login(request, user, **facts)
        devices.remember(request, response, user.email)
        return response

    def get_login_stages(self) -> list[str]:
        """Our second step, in place of the library's."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "organisation.adapter.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_safe_url(self, url: str) -> bool:
        """The library takes addresses apart that are none, and an odd `next` would break the page."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it: a password alone would let its thief change the factor."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != "reauthenticate"] or methods or _at_the_provider()


def _at_the_provider() -> list[dict[str, Any]]:
    """For who has neither password nor factor here."""
    if settings.PROVIDER is None:
        return []
    said = _("Use your account of the administration")
    return [{"id": "provider", "description": said, "url": reverse("provider_again")}]


class SecondStep(AuthenticateStage):
    """Not for who has just shown a second factor at the administration's provider, where the settings let it count."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return bool(super()._should_handle(request)) and not provided_factor(request, self.login.user)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Factors' secrets lie sealed for their person: who is signed in, or who is at the second step of signing in."""

    def encrypt(self, text: str) -> str:
        return factor_secrets.seal(text, _whose())

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return factor_secrets.reveal(encrypted_text, _whose())
        except factor_secrets.Broken as broken:
            log.error("second factor of person %s: %s", _whose(), broken)
            raise ValidationError(
                _("Your second factor cannot be read any more. Ask an administrator to reset it."), code="broken"
            ) from None

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  the library's name
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Key %(number)s") % {"number": count + 1}


def _whose() -> int:
    request = context.request
    person = request.user if request.user.is_authenticated else request._login_stage.login.user
    return int(person.pk)


def made_and_used(request: HttpRequest, user: Any, authenticator: Authenticator, **told: Any) -> None:
    """Whoever has just set a factor up has shown that they hold it: this session need not ask again at once.

    New codes for a lost phone take the place of those with which they may have signed in.
    """
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
