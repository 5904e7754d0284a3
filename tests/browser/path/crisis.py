"""The switch: a crisis is declared from its playbook, and freezes everything that is still due."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.path.cast import Cast


def declare_and_freeze(cast: Cast) -> None:
    page = cast.page("crisis")
    page.goto("/crisis/playbooks/new/")
    page.get_by_label("Title").fill("Outage of the online tax return")
    page.get_by_label("When to use it").fill("The site cannot be reached for a quarter of an hour.")
    page.get_by_label("During", exact=False).fill("Confirm the outage\nFreeze what is scheduled\nSay what we know")
    page.get_by_role("button", name="Keep this playbook").click()
    page.get_by_role("link", name="Use this playbook").click()
    page.get_by_label("Title").fill("Online tax return is down")
    page.get_by_label("What happened?").fill("Nobody can sign in since 10:05.")
    page.get_by_label("Freeze now").select_option(label="The whole organisation")
    page.get_by_role("button", name="Declare it now").click()
    expect(page.get_by_text("nothing is sent", exact=False).first).to_be_visible()


def everybody_sees_it(cast: Cast) -> None:
    for part in ("newcomer", "conversations", "auditor"):
        page = cast.page(part)
        page.goto("/")
        expect(page.get_by_text("nothing is sent", exact=False).first).to_be_visible()
