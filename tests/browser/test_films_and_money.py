"""Films with captions, and what a post costs, as people meet them: by axe, by eye, and live while one types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account, Budget, Spending
from delivery.models import Delivery
from networks.catalogue import NETWORKS
from networks.kinds import Videos
from organisation.clock import database_now
from organisation.models import Person
from publishing.actions import VariantText
from publishing.models import Captions, Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.films import MP4, VTT
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.prices import CHARGING, PRICES, give_budget
from tests.factories.publishing import draft, new_image, new_video, scheduled, submitted, tomorrow

pytestmark = pytest.mark.django_db(transaction=True)
FRENCH = "Votre déclaration est prête. Vérifiez-la avant le 30 juin."


@dataclass
class Scene:
    account: Account
    author: Person
    approver: Person
    manager: Person
    talker: Person
    post: Post


@pytest.fixture
def scene(db: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.MEDIA_ROOT = tmp_path / "media"
    network = NETWORKS[CHARGING]
    films = Videos(("video/mp4",), 50_000_000, captions=("text/vtt",), most_captions=1)
    can = replace(network.capabilities, prices=PRICES, videos=films, title_limit=100)
    monkeypatch.setitem(NETWORKS, CHARGING, replace(network, capabilities=can))
    unit = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    account = ConnectedAccountFactory.create(unit=unit, handle="finances", network=CHARGING, languages=["fr"])
    give_budget(account, 100, kept=20)
    month = database_now().astimezone(unit.zone).date().replace(day=1)
    for what, amount, count in (
        (Spent.POST, 30_400_000, 152),
        (Spent.ANSWER, 9_000_000, 600),
        (Spent.READING, 600_000, 600),
    ):
        Spending.objects.create(account=account, month=month, what=what, amount=amount, count=count)
    author = person_with("communication_cell", unit, name="An Peeters")
    return Scene(
        account=account,
        author=author,
        approver=person_with("communication_cell", unit, name="Bram Claes"),
        manager=person_with("account_manager", unit, name="Karim Benali"),
        talker=person_with("conversation_manager", unit, name="Yasmine El Amrani"),
        post=draft(author, account, core_text=FRENCH, new_images=[new_video({"fr": "Une main signe."}), new_image()]),
    )


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1440, "light")])
def test_every_page_holds(
    page: Page, live: str, scene: Scene, signed_in: Any, axe: Any, shoot: Any, width: int, theme: str
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
    page.set_viewport_size({"width": width, "height": 900})
    variant = scene.post.variants.get()
    variant.title = "Votre déclaration"
    variant.save()
    stops = [
        ("editor", scene.author, f"/posts/{scene.post.pk}/edit/"),
        ("post", scene.approver, f"/posts/{scene.post.pk}/"),
        ("account", scene.manager, f"/registry/accounts/{scene.account.pk}/"),
        ("inbox", scene.talker, "/inbox/"),
    ]
    for stopped in (False, True):
        if stopped:
            Budget.objects.update(limit=50_000_000)
        for name, person, address in stops:
            answer = signed_in(page, person).goto(address)
            assert answer is not None
            assert answer.status == 200, address
            shoot(page, f"money_{name}_{'stopped' if stopped else 'going'}_{width}_{theme}")
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"
    expect(page.get_by_text("answering goes on")).to_be_visible()


def test_a_film_with_its_words_through_the_editor(
    page: Page, scene: Scene, signed_in: Any, axe: Any, tmp_path: Path
) -> None:
    (tmp_path / "film.mp4").write_bytes(MP4)
    (tmp_path / "broken.srt").write_bytes(b"1\n00:00:01,000 --> nowhere\nBonjour\n")
    (tmp_path / "words.vtt").write_bytes(VTT)
    signed_in(page, scene.author).goto("/posts/new/")
    page.get_by_label("Working title").fill("Un film")
    page.get_by_role("textbox", name="Core text (optional)").fill(FRENCH)
    page.get_by_label(scene.account.label).check()
    page.get_by_label("Add a video").set_input_files(tmp_path / "film.mp4")
    page.get_by_label("Captions of the new video").set_input_files(tmp_path / "broken.srt")
    page.get_by_role("button", name="Save the draft").click()
    notice = page.locator(".upload")
    expect(notice).to_contain_text("broken.srt: Line 2:")
    axe(page)
    notice.get_by_role("button", name="Put this notice away").click()
    expect(notice).to_have_count(0)
    expect(page.get_by_text("The notice is put away.")).to_be_focused()
    page.get_by_label("Add a video").set_input_files(tmp_path / "film.mp4")
    page.get_by_label("Captions of the new video").set_input_files(tmp_path / "words.vtt")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("needs a title")).to_be_visible()
    page.get_by_label("Title", exact=True).or_(page.get_by_label("Title (optional)", exact=True)).fill("Déclaration")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Everything is in order.").or_(page.get_by_text("There is no date"))).to_be_visible()
    words = Captions.objects.get(media__post__title="Un film")
    answer = page.goto(f"/posts/captions/{words.pk}/")
    assert answer is not None
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1440, "light")])
def test_captions_that_did_not_follow_their_film_are_told_and_added(
    page: Page, live: str, scene: Scene, signed_in: Any, axe: Any, shoot: Any, width: int, theme: str
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
    page.set_viewport_size({"width": width, "height": 900})
    titled, film = [VariantText(scene.account, "fr", title="Titre")], new_video(captions=("fr", "nl"))
    facts = {"core_text": FRENCH, "variants": titled, "new_images": [film]}
    post = scheduled(scene.author, scene.approver, scene.account, at=tomorrow(), **facts)
    delivery = Delivery.objects.get()
    out = DeliveryFactory.build(incomplete=True, account=scene.account, scheduled_by=scene.author)
    for name in ("state", "published_at", "remote_id", "remote_url", "lacks"):
        setattr(delivery, name, getattr(out, name))
    delivery.save()
    month = tomorrow()
    for name, address in (
        ("today", "/"),
        ("list", "/deliveries/"),
        ("calendar", f"/calendar/{month.year}/{month.month}/"),
        ("post", post.get_absolute_url()),
        ("delivery", delivery.get_absolute_url()),
    ):
        answer = signed_in(page, scene.author).goto(address)
        assert answer is not None
        assert answer.status == 200, address
        shoot(page, f"captions_{name}_{width}_{theme}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"
        told = "something is missing" if name in ("calendar", "list") else "its captions (Français)"
        expect(page.get_by_text(told).or_(page.get_by_role("img", name=told)).first).to_be_visible()
    page.get_by_role("button", name="Nothing is missing any more").press("Enter")
    expect(page.get_by_text("added on the network what was missing")).to_be_visible()
    axe(page)


def test_the_price_follows_what_is_typed(page: Page, scene: Scene, signed_in: Any) -> None:
    signed_in(page, scene.author).goto(f"/posts/{scene.post.pk}/edit/")
    price = page.locator(".price")
    expect(price).to_contain_text("This post: $0.015.")
    expect(price).to_contain_text("so far: $40.00 of $100.00.")
    text = page.locator(f"#id_text-{scene.account.pk}-fr")
    for typed, told in (
        ("Voir https://fin.example/x", "$0.20, because it holds a link."),
        ("Rien à voir", "$0.015."),
        ("Voir myminfin.be", "$0.20"),
    ):
        text.fill(typed)
        expect(price.locator("span:visible")).to_contain_text(told)
    text.fill("Rien")
    page.locator("#id_link").fill("https://finances.example/")
    expect(price.locator("span:visible")).to_contain_text("$0.20")


def test_a_budget_is_set_by_keyboard(page: Page, scene: Scene, signed_in: Any) -> None:
    Budget.objects.all().delete()
    titled = [VariantText(scene.account, "fr", title="Titre")]
    post = submitted(scene.author, scene.account, core_text=FRENCH, variants=titled)
    signed_in(page, scene.manager).goto(f"/registry/accounts/{scene.account.pk}/")
    expect(page.get_by_text("nobody has set a budget for it")).to_be_visible()
    page.get_by_label("Most in a month, in US dollars").fill("10")
    page.get_by_label("Of which kept for answers, in US dollars").fill("20")
    page.get_by_role("button", name="Set this budget").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No more can be kept for answers")
    page.get_by_label("Most in a month, in US dollars").fill("100")
    page.get_by_role("button", name="Set this budget").press("Enter")
    expect(page.get_by_text("The budget is set.")).to_be_visible()
    expect(page.get_by_text("$40.00 of $100.00")).to_be_visible()
    signed_in(page, scene.approver).goto(f"/posts/{post.pk}/")
    expect(page.locator(".price")).to_contain_text("of $100.00.")
