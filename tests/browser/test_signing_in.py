"""Pages around signing in, with a provider of the administration: held to axe and to the width of a phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import Page

from organisation.actions import link_identity, make_group_rule
from organisation.proof import PROVED
from organisation.provider import Provider, Told
from tests.browser.test_pages import held, looked_at
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.sessions import kept_session

PROVIDER = Provider(
    "https://sso.fin.example", "parvis", "secret", labels={"nl": "Aanmelden met het account van Financiën"}
)


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_pages_around_signing_in_hold(
    page: Page, live: str, transactional_db: None, settings: Any, signed_in: Any, shoot: Any, language: str
) -> None:
    settings.PROVIDER = PROVIDER
    unit = UnitFactory.create()
    one = person_with("administrator", unit, language=language)
    other = PersonFactory.create(unit=unit)
    kept_session(one)
    wrong = []
    page.emulate_media(reduced_motion="reduce")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live}])

    def looks(path: str, name: str) -> None:
        page.goto(f"{live}{path}")
        wrong.extend(looked_at(page, language))
        shoot(page, f"signing_in_{name}_{language}")

    looks(reverse("account_login"), "login")
    looks(f"{reverse('provider_back')}?state=made-up", "refused")
    signed_in(page, one)
    looks(reverse("organisation:my_sessions"), "sessions")
    link_identity(told=Told(PROVIDER.issuer, "f3b1c2"), by=one)
    looks(reverse("organisation:my_sessions"), "linked")
    looks(reverse("organisation:group_rules"), "no_rules")
    make_group_rule(group="G-COMM", role="conversation_manager", unit=unit, by=one)
    looks(reverse("organisation:group_rules"), "rules")
    looks(reverse("organisation:group_rule_new"), "new_rule")
    session = SessionStore(next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"))
    session[PROVED] = session[PROVED] - 1000
    session.save()
    page.goto(f"{live}{reverse('organisation:person_detail', args=[other.pk])}")
    form = f'form[action="{reverse("organisation:person_link", args=[other.pk])}"] button'
    page.locator(form).click()
    wrong.extend(looked_at(page, language))
    shoot(page, f"signing_in_proof_{language}")
    held(wrong)
