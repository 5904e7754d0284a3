"""An address answers with a page or with a part of it; neither is ever taken for the other."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
HERE = "http://testserver/inbox/?show=mine"
ASKED = {"HX-Request": "true", "HX-Current-URL": HERE}


@pytest.fixture
def client() -> Client:
    signed_in = Client()
    signed_in.force_login(person_with("conversation_manager", UnitFactory.create()))
    return signed_in


def test_caches_keep_page_and_part_apart(client: Client) -> None:
    page = client.get(reverse("conversations:inbox"))
    part = client.get(reverse("conversations:inbox"), headers=ASKED)
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in part["Vary"]
    assert "no-store" in part["Cache-Control"]
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()


def test_going_back_is_given_the_page(client: Client) -> None:
    page = client.get(reverse("conversations:inbox"), headers={**ASKED, "HX-History-Restore-Request": "true"})
    assert "<html" in page.content.decode()


@pytest.mark.parametrize("name", ["conversations:inbox", "publishing:calendar"])
def test_who_is_signed_out_is_led_to_the_sign_in_as_a_page(name: str) -> None:
    answer = Client().get(reverse(name), headers=ASKED)
    assert answer.status_code == 200
    assert answer.content == b""
    back = urlencode({"next": "/inbox/?show=mine"}, safe="/")
    assert answer["HX-Redirect"] == f"{resolve_url(settings.LOGIN_URL)}?{back}"


def test_a_foreign_page_is_no_way_back() -> None:
    headers = {**ASKED, "HX-Current-URL": "https://elsewhere.example/inbox/"}
    answer = Client().get(reverse("conversations:inbox"), headers=headers)
    assert answer["HX-Redirect"] == f"{resolve_url(settings.LOGIN_URL)}?next=/"


def test_what_is_refused_stays_refused() -> None:
    stranger = Client()
    stranger.force_login(person_with("auditor", UnitFactory.create()))
    assert stranger.get(reverse("publishing:post_detail", args=[10**6]), headers=ASKED).status_code == 404
