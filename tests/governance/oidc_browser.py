"""A browser on its way to the provider of sign-ins and back."""

from __future__ import annotations

from typing import Any

from django.test import Client

from organisation.models import Person
from tests.factories.organisation import PASSWORD
from tests.governance.lying_provider import LyingProvider

BEGIN, BACK, LOGIN = "/me/provider/", "/me/provider/back/", "/me/login/"
ME = "/api/v1/me/"


def left(browser: Client, provider: LyingProvider, **asked: str) -> dict[str, str]:
    answer = browser.get(BEGIN, asked)
    assert answer.status_code == 302, answer.content.decode()
    return provider.left_for(answer.headers["Location"])


def came_back(browser: Client, provider: LyingProvider, **told: str) -> Any:
    return browser.get(BACK, {"state": provider.asked["state"], "code": "a-code", **told})


def through(browser: Client, provider: LyingProvider, **asked: str) -> Any:
    left(browser, provider, **asked)
    return came_back(browser, provider)


def is_in(browser: Client) -> bool:
    return browser.get(ME).status_code == 200


def signed_in(person: Person) -> Client:
    browser = Client()
    browser.post(LOGIN, {"login": person.email, "password": PASSWORD})
    return browser
