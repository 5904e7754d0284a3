"""Posts and the month as people meet them: every page and state, by axe and by eye; one post by keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts_registry.models import Account
from networks import catalogue
from networks.composition import compose
from networks.egress import Egress
from networks.types import AccountRef, Draft
from organisation.models import Person
from publishing import actions
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import approved, content_for, draft, new_image, picture, scheduled, submitted, tomorrow

pytestmark = pytest.mark.django_db(transaction=True)
FRENCH = "Votre déclaration est prête. Vérifiez-la avant le 30 juin sur MyMinfin. #fisc"
DUTCH = "Uw aangifte staat klaar. Kijk ze na vóór 30 juni op MyMinfin. #fiscus"


@dataclass
class Scene:
    author: Person
    approver: Person
    newcomer: Person
    french: Account
    both: Account
    draft: Post
    in_review: Post
    again: Post
    changes: Post
    approved: Post
    scheduled: Post


@pytest.fixture
def scene(db: Any, settings: Any, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = tmp_path / "media"
    unit = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    author = person_with("communication_cell", unit, name="An Peeters")
    approver = person_with("communication_cell", unit, name="Bram Claes")
    newcomer = person_with("newcomer", unit, name="Nora Diallo")
    french = ConnectedAccountFactory.create(unit=unit, handle="finances.belgium", languages=["fr"])
    both = ConnectedAccountFactory.create(unit=unit, handle="fin.be", network="bluesky", languages=["fr", "nl"])
    accounts = (french, both)
    facts: dict[str, Any] = {"core_text": FRENCH, "link": "https://finances.belgium.be/fr"}
    again = submitted(author, *accounts, title="Ouverture des guichets", **facts)
    actions.request_changes(post=again, by=approver, remark="Nommez le jour de fermeture.")
    closed = content_for(*accounts, title=again.title, core_text=f"{FRENCH} Fermé le 15 août.", link=facts["link"])
    actions.edit_post(post=again, version=again.version, content=closed, by=author)
    actions.submit_post(post=again, by=author)
    changes = submitted(newcomer, french, title="Prime énergie", **facts)
    actions.request_changes(post=changes, by=approver, remark="La date limite manque.")
    image = [new_image({"fr": "Une main signe un formulaire."})]
    return Scene(
        author=author,
        approver=approver,
        newcomer=newcomer,
        french=french,
        both=both,
        draft=draft(newcomer, *accounts, title="Brouillon", new_images=[new_image()], **facts),
        in_review=submitted(author, french, title="Déclaration", new_images=image, **facts),
        again=again,
        changes=changes,
        approved=approved(author, approver, *accounts, title="Calendrier fiscal", **facts),
        scheduled=scheduled(author, approver, *accounts, title="Rappel du 30 juin", at=tomorrow(14), **facts),
    )


def stops(scene: Scene) -> list[tuple[str, Person, str]]:
    """Name of the picture, who looks, address."""
    return [
        ("calendar", scene.approver, "/calendar/"),
        ("list", scene.approver, "/posts/"),
        ("new", scene.newcomer, "/posts/new/"),
        ("editor", scene.newcomer, f"/posts/{scene.draft.pk}/edit/"),
        ("draft", scene.newcomer, f"/posts/{scene.draft.pk}/"),
        ("changes", scene.newcomer, f"/posts/{scene.changes.pk}/"),
        ("approvals", scene.approver, "/posts/approvals/"),
        ("approval", scene.approver, f"/posts/{scene.in_review.pk}/approval/"),
        ("approval_again", scene.approver, f"/posts/{scene.again.pk}/approval/"),
        ("approved", scene.approver, f"/posts/{scene.approved.pk}/"),
        ("scheduled", scene.approver, f"/posts/{scene.scheduled.pk}/"),
        ("move", scene.approver, f"/posts/{scene.scheduled.pk}/move/"),
        ("edit_scheduled", scene.approver, f"/posts/{scene.scheduled.pk}/edit/"),
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
        shoot(page, f"publishing_{name}_{width}_{theme}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"


def test_errors_and_conflicts_hold_and_lose_nothing(
    page: Page, scene: Scene, signed_in: Any, axe: Any, shoot: Any
) -> None:
    signed_in(page, scene.newcomer).goto(f"/posts/{scene.draft.pk}/edit/")
    page.get_by_role("textbox", name="Core text (optional)").fill("Typed and kept")
    page.get_by_label("Working title").fill("")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("textbox", name="Core text (optional)")).to_have_value("Typed and kept")
    axe(page)
    page.get_by_label("Working title").fill("Titre")
    theirs = content_for(scene.french, title="Titre", core_text="What a colleague wrote")
    current = Post.objects.get(pk=scene.draft.pk)
    actions.edit_post(post=current, version=current.version, content=theirs, by=scene.author)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("What a colleague wrote")
    expect(page.get_by_role("alert")).to_contain_text("Typed and kept")
    expect(page.get_by_role("textbox", name="Core text (optional)")).to_have_value("Typed and kept")
    axe(page)
    shoot(page, "publishing_conflict")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_one_post_from_draft_to_calendar_by_keyboard(page: Page, scene: Scene, signed_in: Any, tmp_path: Path) -> None:
    signed_in(page, scene.newcomer).goto("/posts/new/")
    page.get_by_label("Working title").fill("Nouveaux horaires")
    page.get_by_role("textbox", name="Core text (optional)").fill(FRENCH)
    page.get_by_label(scene.both.label).press("Space")
    page.get_by_role("button", name="Save the draft").press("Enter")
    expect(page.get_by_text("Bluesky also").or_(page.get_by_text("has no text")).first).to_be_visible()
    page.get_by_label("Nederlands").fill(DUTCH)
    expect(page.locator(".preview-text", has_text="Uw aangifte")).to_be_visible()
    (tmp_path / "image.png").write_bytes(picture())
    page.get_by_label("Add an image").set_input_files(tmp_path / "image.png")
    page.get_by_label("The new image is only decoration").press("Space")
    page.get_by_role("button", name="Save and look at the whole").press("Enter")
    page.get_by_role("button", name="Submit for approval").press("Enter")
    post = Post.objects.get(title="Nouveaux horaires")
    signed_in(page, scene.approver).goto(f"/posts/{post.pk}/approval/")
    page.get_by_role("button", name="Approve this text").press("Enter")
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    page.goto(f"/posts/{post.pk}/")
    page.get_by_label("Date and time").fill(tomorrow(16).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Schedule this post").press("Enter")
    expect(page.get_by_text("The post is scheduled.")).to_be_visible()
    at = tomorrow(16)
    page.goto(f"/calendar/{at.year}/{at.month}/")
    page.get_by_role("link", name="Move to… Nouveaux horaires").first.press("Enter")
    page.get_by_label("Date and time").fill(tomorrow(17).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Move to this time").press("Enter")
    expect(page.get_by_text("The post is moved.")).to_be_visible()


SAMPLES = [
    "Bonjour",
    "Voir https://fin.example/x.",
    "(https://fin.example/x)",
    "HTTPS://fin.example/a",
    "https://fr.example/wiki/Parvis_(place)",
    "@user@masto.example bonjour",
    "@user@masto.example:8080, @hélène@b.example et mail: name@example.org",
    "👩‍👩‍👧‍👦 e\u0301té",
]


def test_the_editor_shows_and_counts_what_is_sent(page: Page, scene: Scene, signed_in: Any, tmp_path: Path) -> None:
    link = "https://finances.belgium.be/fr/particuliers"
    place = f"{scene.both.pk}-fr"
    signed_in(page, scene.newcomer).goto(f"/posts/{scene.changes.pk}/edit/")
    page.get_by_label(scene.both.label).press("Space")
    page.get_by_role("button", name="Save the draft").click()
    page.locator("#id_link").fill(link)
    mastodon, sky = (page.locator(f"#account-{one.pk} .preview").first for one in (scene.french, scene.both))

    def open_tab(account: Account) -> None:
        page.get_by_role("tab", name=account.label).click()

    def left(account: Account) -> str:
        return page.locator(f"[data-counter-for='id_text-{account.pk}-fr']").inner_text()

    open_tab(scene.french)
    own = page.locator(f"#id_text-{scene.french.pk}-fr")
    connector = catalogue.connector(AccountRef("mastodon", "https://mastodon.example", "7"), Egress())
    for text in SAMPLES:
        own.fill(text)
        sent = compose(Draft(text, "fr", link=link), "mastodon").text
        assert left(scene.french).startswith(str(500 - connector.length(sent))), text
    expect(mastodon.locator(".preview-text")).to_contain_text(link)
    expect(mastodon.locator(".preview-card")).to_be_hidden()
    own.fill(f"Voir {link}")
    assert left(scene.french).startswith(str(500 - 5 - 23))
    own.fill("")  # says the core text, and counts it
    assert left(scene.french).startswith(str(500 - connector.length(f"{FRENCH}\n\n{link}")))

    open_tab(scene.both)
    expect(sky.locator(".preview-card")).to_contain_text(link)
    expect(sky.locator(".preview-text")).to_have_text(FRENCH)
    assert left(scene.both).startswith(str(300 - len(FRENCH)))
    page.locator(f"#id_link-{place}").fill("myminfin.be/fr")
    expect(sky.locator(".preview-card")).to_have_text("myminfin.be https://myminfin.be/fr")
    (tmp_path / "image.png").write_bytes(picture())
    page.get_by_label("Add an image").set_input_files(tmp_path / "image.png")
    expect(sky.locator(".preview-card")).to_be_hidden()
    expect(sky.locator(".preview-text")).to_have_text(f"{FRENCH}\n\nhttps://myminfin.be/fr")
