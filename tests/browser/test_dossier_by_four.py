"""Idea to decision by four people at the browser: who asks, who checks and decides, who advises, who votes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts_registry.models import Account
from organisation.models import Person
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"phone": 360, "desk": 1440}
See = Callable[[str], None]


@dataclass
class Scene:
    author: Person
    chair: Person
    adviser: Person
    member: Person
    account: Account


@pytest.fixture
def scene(db: Any) -> Scene:
    root = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    tax = UnitFactory.create(parent=root, slug="tax", names={"fr": "Fiscalité", "nl": "Fiscaliteit"})
    centre = UnitFactory.create(parent=root, slug="centre", names={"fr": "Communication", "nl": "Communicatie"})
    author = person_with("communication_cell", tax, name="An Peeters")
    return Scene(
        author=author,
        chair=person_with("committee_chair", root, works_in=centre, name="Claire Dubois"),
        adviser=person_with("ict_security", root, works_in=centre, name="Thomas Gillet"),
        member=person_with("committee_member", root, works_in=centre, name="Mehdi Lambert"),
        account=ConnectedAccountFactory.create(unit=tax, handle="fin.impots", languages=["fr"]),
    )


@pytest.fixture
def see(page: Page, axe: Any, shoot: Any) -> See:
    """Each stop is held to axe, and looked at on a phone and at a desk."""

    def look(name: str) -> None:
        for device, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than a {device}"
            axe(page)
            shoot(page, f"by_four_{name}_{device}")

    return look


def test_from_the_idea_to_the_decision(page: Page, scene: Scene, signed_in: Any, see: See) -> None:
    signed_in(page, scene.author).goto(f"/registry/accounts/{scene.account.pk}/")
    see("account")
    page.get_by_role("link", name="Ask to close this account").click()
    for label, said in {
        "Why you ask for it": "Nobody reads it any more",
        "What happens to its followers": "They are told for a month",
        "Where what it said is kept": "The state archives, for ten years",
        "What happens to its name": "Kept, so that nobody else takes it",
    }.items():
        page.get_by_label(label).fill(said)
    page.get_by_label("They do not go out, and each says why").check()
    see("asking")
    page.get_by_role("button", name="Save and look at the request").click()
    page.get_by_role("button", name="Submit this dossier").click()
    expect(page.get_by_text("The dossier is submitted.")).to_be_visible()
    dossier = page.url

    signed_in(page, scene.chair).goto(dossier)
    page.get_by_role("button", name="Pass this dossier to the committee").click()
    expect(page.get_by_text("Ask for it: Thomas Gillet.")).to_be_visible()

    signed_in(page, scene.adviser).goto("/")
    page.get_by_role("link", name=re.compile("Give the advice")).first.click()
    page.get_by_label("Favourable with points to settle").check()
    page.get_by_label("Why?").fill("The page still has three administrators")
    page.get_by_role("textbox", name=re.compile("Points to settle")).fill("Take back the access of the agency")
    see("advising")
    page.get_by_role("button", name="Give this advice").click()
    expect(page.get_by_text("Your advice is with the committee.")).to_be_visible()

    signed_in(page, scene.member).goto(dossier)
    page.get_by_role("combobox", name=re.compile("About")).select_option(label="What happens to its followers")
    page.get_by_label("Your comment").fill("Which page are they sent to?")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_text("Which page are they sent to?")).to_be_visible()
    _vote(page)
    signed_in(page, scene.author).goto(dossier)
    page.get_by_role("button", name="Settle this comment").click()
    expect(page.get_by_text("Settled by An Peeters")).to_be_visible()
    signed_in(page, scene.chair).goto(dossier)
    _vote(page)
    page.get_by_label("The committee's reasons").fill("It costs more than it brings")
    see("deciding")
    page.get_by_role("button", name="Record the approval").click()
    expect(page.get_by_text("Approved: the account is closing.")).to_be_visible()
    see("decided")
    page.goto(f"/registry/accounts/{scene.account.pk}/")
    expect(page.get_by_role("heading", name="It is closing")).to_be_visible()
    see("closing")
    page.goto(f"/public/en/accounts/{scene.account.pk}/")
    expect(page.get_by_text("It is closing since")).to_be_visible()


def _vote(page: Page) -> None:
    ballot = page.locator("section[aria-labelledby=vote-title]")
    ballot.get_by_label("For", exact=True).check()
    ballot.get_by_label("Why?").fill("Nobody is served by it")
    page.get_by_role("button", name="Vote on this dossier").click()
    expect(page.get_by_text("Your vote is recorded")).to_be_visible()
