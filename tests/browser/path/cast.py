"""Who walks the main path, each in a browser of their own."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from delivery.enums import HoldCause, HoldScope
from delivery.models import Hold
from organisation.models import Person, Unit
from organisation.roles import asking_second_factor
from tests.browser.conftest import RESULTS
from tests.factories.organisation import PASSWORD, UnitFactory, person_with
from tests.factories.sessions import code_of_the_app, factor_of

ROLES = {
    "requester": "account_manager",
    "chair": "committee_chair",
    "legal": "committee_member",
    "security": "ict_security",
    "newcomer": "newcomer",
    "colleague": "communication_cell",
    "conversations": "conversation_manager",
    "crisis": "crisis_cell",
    "auditor": "auditor",
    "administrator": "administrator",
}


@dataclass
class Cast:
    """The people of a small service by part, and a signed-in page for each on demand."""

    browser: Browser
    address: str
    service: Unit
    people: dict[str, Person]
    pages: dict[str, Page]

    @classmethod
    def assemble(cls, browser: Browser, address: str) -> Cast:
        # A database emptied after an earlier test has lost the freeze that every new system begins with.
        if not Hold.objects.in_force().exists():
            Hold.objects.create(scope=HoldScope.ORGANISATION, cause=HoldCause.NEW_SYSTEM)
        root = UnitFactory.create(names={"en": "Finance", "fr": "Finances"}, languages=["en", "fr"])
        committee = UnitFactory.create(parent=root, names={"en": "Legal"})
        communication = UnitFactory.create(parent=root, names={"en": "Communication"})
        people = {
            part: person_with(
                role, root, works_in=committee if "committee" in role else communication, name=part.title()
            )
            for part, role in ROLES.items()
        }
        for part, role in ROLES.items():
            if asking_second_factor([role]):
                factor_of(people[part])
        return cls(browser, address, root, people, {})

    def page(self, part: str) -> Page:
        """Signed in through the form, once."""
        if part not in self.pages:
            context = self.browser.new_context(base_url=self.address, locale="en-GB")
            page = self.pages[part] = context.new_page()
            page.set_default_timeout(30_000)
            page.goto("/")
            page.get_by_label("Email", exact=False).fill(self.people[part].email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            if asking_second_factor([ROLES[part]]):
                page.locator("input[name=code]").fill(code_of_the_app())
                page.locator("main form button.btn-primary").first.click()
            page.wait_for_url(f"{self.address}/")
        return self.pages[part]

    def leave(self) -> None:
        """Closes every browser; what each last saw stays in test-results/ for whoever has to find out why."""
        for part, page in self.pages.items():
            page.screenshot(path=RESULTS / f"path_{part}.png", full_page=True)
            page.context.close()
