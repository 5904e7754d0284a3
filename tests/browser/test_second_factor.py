"""A security key in a real browser: set up, asked for, and told where it fails. Chromium brings the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from organisation.models import Person
from tests.factories.organisation import PASSWORD, UnitFactory, person_with

KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def administrator(transactional_db: None) -> Person:
    return person_with("administrator", UnitFactory.create(), email="luc@fin.example")


def sign_in(page: Page, live: str) -> None:
    # Keys are bound to a name; an address in figures is none.
    page.goto(live.replace("127.0.0.1", "localhost") + "/me/login/")
    page.get_by_label("Email").fill("luc@fin.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_security_key_from_set_up_to_sign_in(
    page: Page, live: str, administrator: Person, axe: Callable[..., None], shoot: Callable[[Page, str], Any]
) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    sign_in(page, live)
    expect(page.get_by_text("Your role asks for it (Administrator)")).to_be_visible()
    axe(page)
    shoot(page, "second_factor_asked")
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    shoot(page, "second_factor_asked_360_dark")
    axe(page)
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Password").fill(PASSWORD)
    shoot(page, "second_factor_confirm_360_dark")
    page.get_by_role("button", name="Confirm").click()
    axe(page)
    shoot(page, "second_factor_add_360_dark")
    page.get_by_role("button", name="Add this key").click()
    expect(page.get_by_role("heading", name="Codes for a lost phone")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    axe(page)
    shoot(page, "second_factor_codes_360_dark")
    page.get_by_role("link", name="On to Parvis").click()
    expect(page.get_by_role("heading", name="Two-step sign-in")).to_have_count(0)
    page.goto(page.url.rstrip("/") + "/me/two-step/webauthn/")
    shoot(page, "second_factor_keys_360_dark")
    axe(page)
    page.context.clear_cookies()

    # The right key opens, a key that is not this person's does not.
    sign_in(page, live)
    shoot(page, "second_factor_step_360_dark")
    axe(page)
    credentials = devtools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    page.get_by_role("button", name="Use your key").click()
    expect(page.get_by_text("That did not work")).to_be_visible()
    expect(page.get_by_text("That did not work")).to_be_visible()
    devtools.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": credentials[0]})
    page.get_by_role("button", name="Use your key").click()
    expect(page.get_by_role("button", name="Use your key")).to_have_count(0)
    page.wait_for_url(lambda url: "/me/" not in url)
    expect(page.locator(".rail")).to_be_visible()
