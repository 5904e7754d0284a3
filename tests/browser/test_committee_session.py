"""A session of twelve dossiers in the room: the members vote, the chair decides point by point, up to the minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts_registry.enums import DossierState
from accounts_registry.models import CommitteeSession, Decision, Minutes
from tests.factories.accounts_registry import DossierFactory
from tests.factories.committee import CommitteeSessionFactory, on_the_agenda
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db(transaction=True)
TWELVE = 12
SignIn = Callable[[Page, Any], Page]


@pytest.fixture
def people(db: Any) -> dict[str, Any]:
    root = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    tax, centre = (UnitFactory.create(parent=root, slug=slug) for slug in ("tax", "centre"))
    author = person_with("communication_cell", tax, name="An Peeters")
    chair = person_with("committee_chair", root, works_in=centre, name="Claire Dubois")
    members = [person_with("committee_member", root, works_in=centre, name=name) for name in ("Mehdi", "Sofie")]
    session = CommitteeSessionFactory.create(unit=root, planned_by=chair)
    for number in range(1, TWELVE + 1):
        facts = {"requested_by": author, "owner": author, "proposed_handle": f"fin.{number:02}"}
        on_the_agenda(session, DossierFactory.create(unit=tax, state=DossierState.IN_REVIEW, round=1, **facts))
    return {"chair": chair, "member": members[0], "other": members[1], "session": session}


def address(session: CommitteeSession, live: str) -> str:
    return f"{live}{session.get_absolute_url()}"


def vote(page: Page) -> None:
    page.get_by_label("For", exact=True).check()
    page.get_by_label("Why?").first.fill("There is a need.")
    page.get_by_role("button", name="Vote on this dossier").click()
    expect(page.get_by_text("Your vote is recorded")).to_be_visible()


def test_twelve_dossiers_are_walked_through_to_the_minutes(
    people: dict[str, Any], page: Page, live: str, signed_in: SignIn, axe: Callable[..., None]
) -> None:
    session: CommitteeSession = people["session"]
    signed_in(page, people["chair"])
    page.goto(f"{live}{reverse('accounts_registry:session_attendance', args=[session.pk])}")
    for name in ("Mehdi", "Sofie"):
        page.get_by_role("group", name=name).get_by_label("In the room").check()
    page.get_by_role("button", name="Note the attendance").click()
    page.get_by_role("button", name="Open this session").click()
    expect(page.get_by_role("heading", name="fin.01")).to_be_visible()
    axe(page)
    signed_in(page, people["member"])
    page.goto(address(session, live))
    for number in range(1, TWELVE + 1):
        expect(page.locator("#point-title")).to_contain_text(f"fin.{number:02}")
        vote(page)
        if number < TWELVE:
            page.get_by_role("link", name="Next point").click()
    signed_in(page, people["chair"])
    page.goto(address(session, live))
    for number in range(1, TWELVE + 1):
        expect(page.locator("#point-title")).to_contain_text(f"fin.{number:02}")
        vote(page)
        page.get_by_label("The committee's reasons").fill("The public is clear, and somebody answers.")
        page.get_by_role("button", name="Record the approval").click()
    expect(page.get_by_text("Every point is dealt with")).to_be_visible()
    page.get_by_role("button", name="Close this session").click()
    page.get_by_role("link", name="Write the minutes").click()
    page.get_by_label("Remarks").fill("The session began in time.")
    page.get_by_role("button", name="Save the minutes").click()
    expect(page.get_by_text("The minutes are written")).to_be_visible()
    axe(page)
    signed_in(page, people["other"])
    page.goto(f"{live}{reverse('accounts_registry:session_minutes', args=[session.pk])}")
    expect(page.get_by_text("The session began in time.")).to_be_visible()
    page.get_by_role("button", name="Approve these minutes").click()
    expect(page.get_by_text("kept as they were")).to_be_visible()
    assert Decision.objects.filter(session=session, outcome="approve").count() == TWELVE
    assert Minutes.objects.get().approved_by == people["other"]
