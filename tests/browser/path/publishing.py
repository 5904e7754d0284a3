"""From a newcomer's draft to the message on the network, by hand in the pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.path.cast import Cast

ZONE = ZoneInfo("Europe/Brussels")


def say_go(cast: Cast) -> None:
    """A new system is frozen; the administrator lifts that."""
    page = cast.page("administrator")
    page.goto("/holds/")
    page.get_by_text("Lift", exact=False).first.click()
    if page.get_by_label("Why", exact=False).count():
        page.get_by_label("Why", exact=False).first.fill("The committee has decided: we begin.")
        page.get_by_role("button", name="Lift").last.click()
    page.goto("/")
    expect(page.get_by_text("nothing is sent", exact=False)).to_have_count(0)


def draft(cast: Cast, *, account: str, title: str, text: str) -> str:
    """The newcomer writes and submits, and finds no way to approve; returns the post's address."""
    page = cast.page("newcomer")
    page.goto("/posts/new/")
    page.get_by_label("Working title").fill(title)
    page.get_by_label("Language of the core text").select_option(label="English")
    page.get_by_role("textbox", name="Core text").fill(text)
    page.get_by_label(account).check()
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Save and look at the whole").click()
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("Waits for approval").first).to_be_visible()
    assert page.get_by_role("button", name="Approve").count() == 0
    assert page.get_by_role("link", name="Read and decide").count() == 0
    return page.url


def approve_and_schedule(cast: Cast, post: str, moment: datetime) -> None:
    """An experienced colleague reads exactly what will be sent, approves it, and gives it its time (to the minute)."""
    page = cast.page("colleague")
    page.goto(post)
    page.get_by_role("link", name="Read and decide").click()
    page.get_by_role("button", name="Approve this text").click()
    page.goto(post)
    page.get_by_label("Date and time").fill(f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Scheduled").first).to_be_visible()


def a_minute_from(now: datetime, *, minutes: int) -> datetime:
    """A whole minute, at least half a minute ahead."""
    return (now + timedelta(minutes=minutes, seconds=30)).replace(second=0, microsecond=0)


def wait_until_published(cast: Cast, post: str, *, seconds: int) -> Page:
    """Reloads as a person would, until the post's page says that it is out."""
    page = cast.page("newcomer")
    for _look in range(seconds // 2):
        page.goto(post)
        if page.get_by_text("Published", exact=True).count():
            return page
        page.wait_for_timeout(2000)
    raise AssertionError(f"not published within {seconds} s: {post}")
