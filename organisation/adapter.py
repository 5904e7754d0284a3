"""How people sign in: by e-mail, and only who was invited. Who guesses slows down themself (`limits`)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from organisation import devices, limits


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """In place of the library's own limit, which locks a person out for whatever strangers do."""
        login = credentials.get("email", "")
        self._login_failed_rl_usage = limits.password(request, login)  # the library gives it back where it was right

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse:
        """Only a complete sign-in, with its second step, makes a device known."""
        response: HttpResponse = super().post_login(request, user, **facts)
        devices.remember(request, response, user.email)
        return response
