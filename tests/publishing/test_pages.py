"""Pages: who sees them, what they ask, what they keep."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts_registry.models import Server
from delivery.enums import DeliveryState
from delivery.models import Delivery
from organisation.models import Person
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries import valid_approval
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.publishing import approved, draft, hash_of, new_image, picture, scheduled, submitted, tomorrow
from tests.publishing.conftest import House
from tests.thorough import thorough_but

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(house: House, **facts: Any) -> dict[str, Any]:
    """What a browser sends from the editor of a post with one French account."""
    return {
        "title": "Tax return",
        "language": "fr",
        "core_text": "Votre déclaration est prête.",
        "accounts": [str(house.account.pk)],
        **facts,
    }


def url(name: str, *args: Any) -> str:
    return reverse(f"publishing:{name}", args=args)


# ---- Sight ----------------------------------------------------------------------------------------------------------
STEPS = [
    "submit",
    "approve",
    "request_changes",
    "reject",
    "schedule",
    "reschedule",
    "reconfirm",
    "unschedule",
    "withdraw",
]


@pytest.mark.parametrize("name", ["post_detail", "post_edit", "approval", "move"])
def test_out_of_sight_is_not_there(house: House, name: str) -> None:
    post = submitted(house.author, house.account)
    assert as_(house.stranger).get(url(name, post.pk)).status_code == 404


@pytest.mark.parametrize("name", thorough_but(STEPS, "schedule", "withdraw"))
def test_steps_on_what_is_out_of_sight_are_not_there(house: House, name: str) -> None:
    post = submitted(house.author, house.account)
    assert as_(house.stranger).post(url(name, post.pk)).status_code == 404
    assert as_(house.auditor).post(url(name, post.pk), {"reason": "x", "content_hash": "x"}).status_code == 403
    assert as_(house.auditor).get(url(name, post.pk)).status_code == 405


@pytest.mark.longer
def test_in_sight_but_not_allowed(house: House) -> None:
    post = submitted(house.author, house.account)
    auditor = as_(house.auditor)
    assert auditor.get(url("post_detail", post.pk)).status_code == 200
    assert auditor.get(url("post_edit", post.pk)).status_code == 403
    assert auditor.get(url("post_new")).status_code == 403
    assert auditor.get(url("approvals")).status_code == 403
    assert as_(house.author).get(url("approval", post.pk)).status_code == 403


@pytest.mark.parametrize("name", ["calendar", "post_list", "post_new", "approvals"])
def test_nobody_looks_without_signing_in(client: Client, name: str) -> None:
    assert client.get(url(name)).status_code == 302


def test_an_image_is_for_whoever_sees_its_post(house: House) -> None:
    post = draft(house.author, house.account, new_images=[new_image({"fr": "Un bâtiment"})])
    image = url("image", post.media.get().pk)
    answer = as_(house.auditor).get(image)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert as_(house.stranger).get(image).status_code == 404


LINK = "https://fin.example/declaration?an=2026"


def previews(page: str) -> list[str]:
    """What stands in each preview: its text, then its card."""
    found = re.findall(r'<p class="preview-text"[^>]*>(.*?)</p>(.*?)<div class="preview-foot"', page, re.DOTALL)
    card = re.compile(r'class="preview-card"(?! hidden)>.*?</svg>(.*?)</p>', re.DOTALL)
    return [
        " | ".join([html.unescape(text), *(" ".join(strip_tags(one).split()) for one in card.findall(rest))])
        for text, rest in found
    ]


@pytest.mark.longer
def test_a_preview_shows_what_is_sent(house: House) -> None:
    sky = ConnectedAccountFactory.create(unit=house.unit, network="bluesky", handle="fin.sky", languages=["fr"])
    post = submitted(house.author, house.account, sky, core_text="Bonjour", link=LINK)
    card = f"Bonjour | fin.example {LINK}"
    appended = f"Bonjour\n\n{LINK}"
    for name, person in (("post_detail", house.author), ("approval", house.approver), ("post_edit", house.author)):
        page = as_(person).get(url(name, post.pk)).content.decode()
        assert sorted(previews(page)) == [appended, card], name


@pytest.mark.longer
def test_beside_an_image_a_link_joins_the_text_everywhere(house: House) -> None:
    sky = ConnectedAccountFactory.create(unit=house.unit, network="bluesky", handle="fin.sky", languages=["fr"])
    image = [new_image({"fr": "Un guichet"})]
    post = submitted(house.author, house.account, sky, core_text="Bonjour", link=LINK, new_images=image)
    page = as_(house.approver).get(url("approval", post.pk)).content.decode()
    assert previews(page) == [f"Bonjour\n\n{LINK}"] * 2


@pytest.mark.parametrize(("own", "offered"), [("nl", "nl"), ("fr", "fr"), ("de", "fr")])
def test_a_new_post_begins_in_its_writers_language(house: House, own: str, offered: str) -> None:
    house.unit.languages = ["fr", "nl"]
    house.unit.save()
    house.author.language = own
    house.author.save()
    page = as_(house.author).get(url("post_new")).content.decode()
    assert re.findall(r'<option value="(\w\w)" selected', page) == [offered]


# ---- The editor -----------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_a_newcomer_writes_and_submits(house: House) -> None:
    browser = as_(house.newcomer)
    assert browser.get(url("post_new")).status_code == 200
    answer = browser.post(url("post_new"), typed(house, unit=house.unit.pk))
    post = Post.objects.get()
    assert answer["Location"] == url("post_edit", post.pk)
    page = browser.get(answer["Location"]).content.decode()
    assert f"id_text-{house.account.pk}-fr" in page
    assert 'data-counting="mastodon"' in page
    assert 'data-address-length="23"' in page
    Server.objects.create(network="mastodon", base_url=house.account.base_url, limits={"address_length": 30})
    assert 'data-address-length="30"' in browser.get(answer["Location"]).content.decode()
    assert browser.post(url("submit", post.pk), {"version": post.version}).status_code == 302
    post.refresh_from_db()
    assert post.state == PostState.IN_REVIEW


@pytest.mark.longer
def test_a_refused_form_keeps_all_that_was_typed(house: House) -> None:
    post = draft(house.author, house.account)
    name = f"text-{house.account.pk}-fr"
    data = typed(house, title="", version=post.version, wall_time="2027-03-28T02:30", **{name: "Own words"})
    answer = as_(house.author).post(url("post_edit", post.pk), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Own words" in page
    assert "2027-03-28T02:30" in page
    data = {**data, "title": "Back", "core_text": "Typed core"}
    page = as_(house.author).post(url("post_edit", post.pk), data).content.decode()
    assert "does not exist" in page
    assert "Typed core" in page


@pytest.mark.longer
def test_a_time_that_comes_twice_asks_which(house: House) -> None:
    post = draft(house.author, house.account)
    data = typed(house, version=post.version, wall_time="2027-10-31T02:30")
    answer = as_(house.author).post(url("post_edit", post.pk), data)
    assert answer.status_code == 422
    assert "before the clock goes back" in answer.content.decode()
    assert as_(house.author).post(url("post_edit", post.pk), {**data, "fold": "1"}).status_code == 302
    post.refresh_from_db()
    assert (post.fold, post.due_at.hour) == (1, 1)


@pytest.mark.longer
def test_two_at_one_post_see_both_texts_and_lose_nothing(house: House) -> None:
    post = draft(house.author, house.account)
    mine = typed(house, version=post.version, core_text="What I wrote")
    theirs = typed(house, version=post.version, core_text="What they wrote")
    assert as_(house.approver).post(url("post_edit", post.pk), theirs).status_code == 302
    answer = as_(house.author).post(url("post_edit", post.pk), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.count("What I wrote") >= 2
    assert "What they wrote" in page
    post.refresh_from_db()
    assert post.core_text == "What they wrote"
    assert f'name="version" value="{post.version}"' in page
    again = as_(house.author).post(url("post_edit", post.pk), {**mine, "version": post.version})
    assert again.status_code == 302


@pytest.mark.longer
def test_an_image_comes_in_with_its_description(house: House) -> None:
    post = draft(house.author, house.account)
    upload = SimpleUploadedFile("../../evil.php", picture(), "text/html")
    data = typed(house, version=post.version, new_image=upload, new_alt="Un bâtiment")
    assert as_(house.author).post(url("post_edit", post.pk), data).status_code == 302
    image = post.media.get()
    assert (image.alts, image.mime) == ({"fr": "Un bâtiment"}, "image/jpeg")
    assert image.file.name.startswith("posts/")
    assert "evil" not in image.file.name


@pytest.mark.longer
def test_an_upload_that_is_no_image_is_refused_where_it_was_chosen(house: House) -> None:
    post = draft(house.author, house.account)
    upload = SimpleUploadedFile("cat.png", b"<svg onload=alert(1)>", "image/png")
    data = typed(house, version=post.version, new_image=upload, core_text="Kept text")
    assert as_(house.author).post(url("post_edit", post.pk), data).status_code == 302
    for name in ("post_edit", "post_detail"):
        page = as_(house.author).get(url(name, post.pk)).content.decode()
        assert "<bdi>cat.png</bdi>" in page
        assert "This file is not an image that Parvis can read." in page
        assert "Kept text" in page
    assert not post.media.exists()


@pytest.mark.longer
def test_the_checks_jump_to_their_place(house: House) -> None:
    post = draft(house.author, house.account, core_text="x" * 501, new_images=[new_image()])
    page = as_(house.author).get(url("post_detail", post.pk)).content.decode()
    image = post.media.get().pk
    for anchor in (f"id_text-{house.account.pk}-fr", f"id_alt-{image}-fr", "id_wall_time"):
        assert f"{url('post_edit', post.pk)}#{anchor}" in page
    editor = as_(house.author).get(url("post_edit", post.pk)).content.decode()
    for anchor in (f"id_text-{house.account.pk}-fr", f"id_alt-{image}-fr", "id_wall_time"):
        assert f'id="{anchor}"' in editor


def test_what_cannot_be_submitted_says_why(house: House) -> None:
    post = draft(house.author, house.account, core_text="")
    answer = as_(house.author).post(url("submit", post.pk), {"version": post.version})
    assert answer.status_code == 422
    assert "has no text" in answer.content.decode()


# ---- Approval -------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_the_next_one_opens_by_itself(house: House) -> None:
    first, second = submitted(house.author, house.account), submitted(house.author, house.account)
    browser = as_(house.approver)
    page = browser.get(url("approval", first.pk)).content.decode()
    assert hash_of(first) in page
    answer = browser.post(url("approve", first.pk), {"content_hash": hash_of(first)})
    assert answer["Location"] == url("approval", second.pk)
    answer = browser.post(
        url("request_changes", second.pk), {"reason": "Name the deadline", "content_hash": hash_of(second)}
    )
    assert answer["Location"] == url("approvals")
    assert "Name the deadline" in as_(house.author).get(url("post_detail", second.pk)).content.decode()


def test_going_back_needs_words_and_keeps_them(house: House) -> None:
    post = submitted(house.author, house.account)
    answer = as_(house.approver).post(url("request_changes", post.pk), {"reason": "  "})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()


@pytest.mark.longer
def test_what_changed_since_the_last_version_is_marked(house: House) -> None:
    post = submitted(house.author, house.account)
    as_(house.approver).post(url("request_changes", post.pk), {"reason": "Earlier", "content_hash": hash_of(post)})
    post.refresh_from_db()
    text = "Votre déclaration est prête. Vérifiez-la avant le 15 juin."
    as_(house.author).post(url("post_edit", post.pk), typed(house, version=post.version, core_text=text))
    as_(house.author).post(url("submit", post.pk), {"version": Post.objects.get().version})
    page = as_(house.approver).get(url("approval", post.pk)).content.decode()
    assert "<del>30</del><ins>15</ins>" in re.sub(r"\s+>", ">", page)


@pytest.mark.longer
def test_approving_what_changed_meanwhile_shows_the_change(house: House) -> None:
    post = submitted(house.author, house.account)
    seen = hash_of(post)
    text = "Votre déclaration est prête. Vérifiez-la avant le 15 juin."
    as_(house.author).post(url("post_edit", post.pk), typed(house, version=post.version, core_text=text))
    as_(house.author).post(url("submit", post.pk), {"version": Post.objects.get().version})
    answer = as_(house.approver).post(url("approve", post.pk), {"content_hash": seen})
    assert answer.status_code == 409
    assert "<ins>15</ins>" in answer.content.decode()
    assert valid_approval(post) is None


@pytest.mark.longer
@pytest.mark.parametrize(("verb", "state"), [("request_changes", "changes_requested"), ("reject", "rejected")])
def test_a_no_is_to_the_text_that_its_page_showed(house: House, verb: str, state: str) -> None:
    """Its author took it back, mended what was wrong and submitted it anew."""
    post, browser = submitted(house.author, house.account), as_(house.approver)

    def said() -> dict[str, str]:
        page = browser.get(url("approval", post.pk)).content.decode()
        (form,) = re.findall(rf'<form[^>]*action="{url(verb, post.pk)}".*?</form>', page, re.DOTALL)
        return {**dict(re.findall(r'name="(content_hash)" value="(\w+)"', form)), "reason": "The day is wrong"}

    seen = said()
    text = "Votre déclaration est prête. Vérifiez-la avant le 15 juin."
    as_(house.author).post(url("post_edit", post.pk), typed(house, version=post.version, core_text=text))
    as_(house.author).post(url("submit", post.pk), {"version": Post.objects.get().version})
    answer = browser.post(url(verb, post.pk), seen)
    post.refresh_from_db()
    assert (answer.status_code, post.state) == (409, PostState.IN_REVIEW)
    assert "The day is wrong" in answer.content.decode(), "nothing typed is lost"
    assert browser.post(url(verb, post.pk), said()).status_code == 302
    post.refresh_from_db()
    assert post.state == state


# ---- Time -----------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_schedule_move_take_off_and_withdraw(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    browser = as_(house.approver)
    assert "When does it go out?" in browser.get(url("post_detail", post.pk)).content.decode()
    at = tomorrow().strftime("%Y-%m-%dT%H:%M")
    assert browser.post(url("schedule", post.pk), {"wall_time": at}).status_code == 302
    assert browser.get(url("move", post.pk)).status_code == 200
    later = tomorrow(17).strftime("%Y-%m-%dT%H:%M")
    assert browser.post(url("reschedule", post.pk), {"wall_time": later}).status_code == 302
    assert Delivery.objects.filter(state="due").count() == 1
    past = browser.post(url("reschedule", post.pk), {"wall_time": "2020-01-01T09:00"})
    assert past.status_code == 422
    assert "has passed" in past.content.decode()
    assert "2020-01-01T09:00" in past.content.decode()
    assert browser.post(url("unschedule", post.pk)).status_code == 302
    assert browser.post(url("withdraw", post.pk), {"reason": ""}).status_code == 422
    assert browser.post(url("withdraw", post.pk), {"reason": "Not needed"}).status_code == 302
    post.refresh_from_db()
    assert post.state == PostState.WITHDRAWN


@pytest.mark.longer
def test_a_step_taken_twice_is_a_conflict(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    again = {"wall_time": tomorrow().strftime("%Y-%m-%dT%H:%M")}
    assert as_(house.approver).post(url("schedule", post.pk), again).status_code == 409


@pytest.mark.longer
def test_a_published_post_is_not_planned_any_more(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account, at=tomorrow(9))
    page = url("post_detail", post.pk)
    assert "Planned for tomorrow at" in as_(house.author).get(page).content.decode()
    Delivery.objects.update(state=DeliveryState.PUBLISHED, remote_id="7", published_at=timezone.now())
    shown = as_(house.author).get(page).content.decode()
    assert "and is published." in shown
    assert "Planned for" not in shown
