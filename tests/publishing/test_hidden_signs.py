"""Whoever approves sees every sign that goes out, in what is said beside the text too."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from publishing.models import Variant
from tests.delivery.test_pages import uncertain
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import person_with
from tests.factories.publishing import draft, new_image, new_video
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


@pytest.mark.longer
@pytest.mark.parametrize("is_film", [False, True])
def test_no_sign_of_a_title_or_a_description_is_unseen(house: House, media_folder: object, is_film: bool) -> None:
    account = ConnectedAccountFactory.create(unit=house.unit, network="youtube", languages=["fr"])
    shows = new_video({"fr": "Lo\u200bgo"}) if is_film else new_image({"fr": "Lo\u200bgo"})
    post = draft(house.author, account, new_images=[shows])
    Variant.objects.filter(post=post).update(title="Imp\u202ets\u00f4")
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.author)
    page = client.get(reverse("publishing:post_detail", args=[post.pk])).content.decode()
    described, title = page.partition("is described as:")[2][:300], page.partition("Title:")[2][:300]
    assert "‹U+200B›" in described
    assert "‹U+202E›" in title


def test_nor_where_one_decides_what_became_of_a_message(house: House) -> None:
    picture = {"alt": "Lo\u200bgo", "mime": "image/png", "path": "x", "decorative": False}
    film = {"alt": "Fi\u200blm", "mime": "video/mp4", "path": "y", "decorative": False, "seconds": 3}
    delivery = uncertain(house.unit)
    delivery.content |= {"title": "Imp\u202ets\u00f4", "media": [picture, film]}
    delivery.save(update_fields=["content"])
    delivery.attempts.create(epoch=1, detail="Too\u200b many")
    client = Client()
    client.force_login(person_with("account_manager", house.unit))
    page = client.get(reverse("delivery:delivery_detail", args=[delivery.pk])).content.decode()
    assert [page.count(sign) for sign in ("\u200b", "\u202e")] == [0, 0]
    assert (page.count("‹U+200B›"), page.count("‹U+202E›")) == (3, 1)


def test_nor_in_what_changed(house: House) -> None:
    """What was taken out is shown once more beside what stands there now."""
    parts = [{"kind": kind, "text": f"{kind}\u200b"} for kind in ("added", "removed", "same")]
    shown = render_to_string("publishing/_pieces.html", {"pieces": parts})
    assert (shown.count("‹U+200B›"), shown.count("\u200b")) == (3, 0)
