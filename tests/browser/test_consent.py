"""A person connects an account by agreeing on the network's own page, in a browser, on the training network."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts_registry.enums import ConnectionState
from accounts_registry.models import Account, ThirdPartyApp
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["simulator", "simulator_server"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(simulator: Control, settings: Settings) -> Account:
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    simulator.person("finances", "SPF Finances", kind="organisation")
    unit = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    return AccountFactory.create(unit=unit, network="mastodon", handle="finances", base_url=simulator.url)


@pytest.fixture
def page(browser: Any, live: str) -> Any:
    """A browser that may also visit the network, where our own policy does not count."""
    context = browser.new_context(base_url=live, locale="en-GB", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def test_there_and_back(page: Page, account: Account, signed_in: Any, axe: Any, shoot: Any) -> None:
    manager = person_with("account_manager", account.unit, name="Koen Maes")
    signed_in(page, manager).goto(f"/registry/accounts/{account.pk}/")
    page.get_by_role("link", name="Connect this account").click()
    expect(page.get_by_role("table")).to_contain_text("write:statuses")
    axe(page)
    shoot(page, "connect_consent")
    page.get_by_role("radio", name="Reading", exact=True).check()
    page.get_by_role("button", name="Prepare the consent").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("On to")
    axe(page)
    shoot(page, "connect_go")
    page.locator("main a.btn-primary").click()
    page.locator("button[value=allow]").click()
    expect(page.get_by_text("is half connected: see what is missing")).to_be_visible()
    expect(page.get_by_text("send: nobody has agreed to it")).to_be_visible()
    axe(page)
    shoot(page, "connect_half")
    page.get_by_role("link", name="Connect this account").click()
    page.get_by_role("radio", name="Writing", exact=True).check()
    page.get_by_role("button", name="Prepare the consent").click()
    page.locator("main a.btn-primary").click()
    page.locator("button[value=allow]").click()
    expect(page.get_by_text("Parvis can send and read").first).to_be_visible()
    account.refresh_from_db()
    assert account.connection_state == ConnectionState.CONNECTED


def test_a_no_and_the_apps_of_others(page: Page, account: Account, signed_in: Any, axe: Any, shoot: Any) -> None:
    manager = person_with("account_manager", account.unit, name="Koen Maes")
    signed_in(page, manager).goto(f"/registry/accounts/{account.pk}/connect/")
    page.get_by_role("button", name="Prepare the consent").click()
    page.locator("main a.btn-primary").click()
    page.locator("button[value=deny]").click()
    expect(page.get_by_text("nothing has changed")).to_be_visible()
    page.get_by_text("List an app").click()
    page.get_by_role("button", name="List this app").click()
    axe(page)
    page.get_by_label("Name of the app").fill("Scheduler")
    page.get_by_label("What it is for").fill("Plans messages of the summer school")
    page.get_by_role("button", name="List this app").click()
    expect(page.get_by_text("Plans messages of the summer school")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    page.reload()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "connect_apps_360")
    page.get_by_text("Strike this app").first.click()
    page.get_by_label("Why?").first.fill("Nobody uses it any more")
    page.get_by_role("button", name="Strike this app").click()
    expect(page.get_by_text("None is known.")).to_be_visible()
    assert not ThirdPartyApp.objects.exists()
