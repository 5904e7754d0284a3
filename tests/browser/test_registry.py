"""Registry, people and audit as people meet them: every page and state, by axe and by eye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts_registry.actions import cast_vote
from accounts_registry.enums import ConnectionState, DossierState
from accounts_registry.models import Account, JustificationDossier
from organisation.actions import give_grant, invite_person
from organisation.models import Person
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory, DossierFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Scene:
    author: Person
    chair: Person
    member: Person
    manager: Person
    administrator: Person
    someone: Person
    connected: Account
    broken: Account
    draft: JustificationDossier
    in_review: JustificationDossier


@pytest.fixture
def scene(db: Any) -> Scene:
    root = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    tax = UnitFactory.create(parent=root, slug="tax", names={"fr": "Fiscalité", "nl": "Fiscaliteit"})
    centre = UnitFactory.create(parent=root, slug="centre", names={"fr": "Communication", "nl": "Communicatie"})
    author = person_with("communication_cell", tax, name="An Peeters")
    chair = person_with("committee_chair", root, works_in=centre, name="Claire Dubois")
    member = person_with("committee_member", root, works_in=centre, name="Mehdi Lambert")
    administrator = person_with("administrator", root, works_in=centre, name="Ada De Smet")
    someone = invite_person(email="nele@fin.example", name="Nele Claes", unit=tax, language="nl", by=administrator)
    give_grant(person=someone, role="newcomer", unit=tax, by=administrator)
    in_review = DossierFactory.create(
        unit=tax,
        requested_by=author,
        owner=author,
        proposed_handle="fin.impots",
        state=DossierState.IN_REVIEW,
        round=1,
    )
    cast_vote(dossier=in_review, by=chair, choice="for", reason="Many people ask about their tax bill in spring.")
    cast_vote(dossier=in_review, by=member, choice="for", reason="No other account answers these questions.")
    return Scene(
        author=author,
        chair=chair,
        member=member,
        manager=person_with("account_manager", root, works_in=centre, name="Koen Maes"),
        administrator=administrator,
        someone=someone,
        connected=ConnectedAccountFactory.create(unit=tax, owner=author, handle="fin.belgium", languages=["fr"]),
        broken=AccountFactory.create(
            unit=root,
            handle="financien.test",
            network="bluesky",
            connection_state=ConnectionState.BROKEN,
            connection_problem="auth_expired",
        ),
        draft=DossierFactory.create(
            unit=tax, requested_by=author, owner=author, platform="bluesky", proposed_handle="", audiences=[]
        ),
        in_review=in_review,
    )


def stops(scene: Scene) -> list[tuple[str, Person, str]]:
    """Name of the picture, who looks, address."""
    dossier = f"/registry/dossiers/{scene.in_review.pk}/"
    return [
        ("registry", scene.manager, "/registry/"),
        ("account", scene.manager, f"/registry/accounts/{scene.connected.pk}/"),
        ("account_broken", scene.manager, f"/registry/accounts/{scene.broken.pk}/"),
        ("connect", scene.manager, f"/registry/accounts/{scene.broken.pk}/connect/"),
        ("dossiers", scene.author, "/registry/dossiers/"),
        ("dossier_new", scene.author, "/registry/dossiers/new/"),
        ("dossier_people", scene.author, f"/registry/dossiers/{scene.draft.pk}/edit/people/"),
        ("dossier_draft", scene.author, f"/registry/dossiers/{scene.draft.pk}/"),
        ("dossier_author", scene.author, dossier),
        ("dossier_member", scene.member, dossier),
        ("dossier_chair", scene.chair, dossier),
        ("today_chair", scene.chair, "/"),
        ("people", scene.administrator, "/organisation/people/"),
        ("person", scene.administrator, f"/organisation/people/{scene.someone.pk}/"),
        ("invite", scene.administrator, "/organisation/people/invite/"),
        ("audit", scene.administrator, "/organisation/audit/"),
    ]


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (768, "light"), (1440, "light")])
def test_every_page_holds(
    page: Page, live: str, scene: Scene, signed_in: Any, axe: Any, shoot: Any, width: int, theme: str
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
    page.set_viewport_size({"width": width, "height": 900})
    for name, person, address in stops(scene):
        answer = signed_in(page, person).goto(address)
        assert answer is not None
        assert answer.status == 200, address
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"
        shoot(page, f"registry_{name}_{width}_{theme}")


def test_errors_hold_and_keep_what_was_typed(page: Page, scene: Scene, signed_in: Any, axe: Any, shoot: Any) -> None:
    signed_in(page, scene.author).goto(f"/registry/dossiers/{scene.draft.pk}/edit/reasons/")
    page.get_by_label("What is the account for?").fill("To explain the tax bill")
    page.get_by_label("Why does an existing account not suffice?").fill("")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("What is the account for?")).to_have_value("To explain the tax bill")
    axe(page)
    shoot(page, "registry_dossier_errors")
    page.goto(f"/registry/dossiers/{scene.draft.pk}/")
    page.get_by_text("Withdraw this dossier").first.click()
    page.get_by_role("button", name="Withdraw this dossier").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    axe(page)
    signed_in(page, scene.administrator).goto(f"/organisation/people/{scene.someone.pk}/")
    page.get_by_role("button", name="Give this role").click()
    axe(page)


def test_the_committee_decides_by_keyboard(page: Page, scene: Scene, signed_in: Any) -> None:
    signed_in(page, scene.chair).goto("/")
    page.get_by_role("link", name="Record the decision").press("Enter")
    page.get_by_label("The committee's reasons").fill("It fits the strategy.")
    page.get_by_role("button", name="Record the approval").press("Enter")
    expect(page.get_by_text("Approved: the account stands in the registry")).to_be_visible()
    page.get_by_role("link", name="See the account").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("fin.impots")
