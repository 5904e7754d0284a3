"""Posts are found by every word that they say, folded as everywhere, and the list stays a page of an index."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from publishing.actions import PostContent, VariantText, edit_post
from publishing.models import Post
from publishing.queries.searching import found_for
from tests.factories.publishing import draft
from tests.publishing.conftest import House
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(house: House) -> Post:
    own = VariantText(house.account, "nl", "Geef uw financiën aan", "https://fin.example/aangifte", "")
    said = {"title": "L’école des impôts", "core_text": "Le cœur de l'été #Fisc", "variants": [own]}
    return draft(house.author, house.account, **said)


def listed(house: House, words: str, **more: Any) -> list[str]:
    client = Client()
    client.force_login(house.author)
    page = client.get(reverse("publishing:post_list"), {"words": words, **more}).context["page"]
    return [one.title for one in page.rows]


@pytest.mark.parametrize(
    "words",
    thorough_after(
        4,
        [
            "ecole",
            "IMPOTS",
            "l'école",
            "e\u0301cole",
            "impôts ecole",
            "coeur ete",
            "#fisc",
            "financien",
            "aangifte",
            "éco été",
        ],
    ),
)
def test_a_post_is_found_by_title_text_and_variants(house: House, post: Post, words: str) -> None:
    assert listed(house, words) == ["L’école des impôts"]


@pytest.mark.longer
@pytest.mark.parametrize("words", ["cole", "#ecole", "ecole absente", "…"])
def test_what_it_does_not_say_finds_nothing(house: House, post: Post, words: str) -> None:
    assert listed(house, words) == []


@pytest.mark.longer
def test_what_was_edited_away_is_not_found_any_more(house: House, post: Post) -> None:
    other = VariantText(house.account, "fr", "Le guichet", "", "")
    content = replace(PostContent.of(post), title="Bureau", core_text="Ouvert", variants=[other])
    edit_post(post=post, version=post.version, content=content, by=house.author)
    assert listed(house, "ecole") == listed(house, "financien") == []
    assert listed(house, "bureau ouvert guichet") == ["Bureau"]


@pytest.mark.longer
def test_the_list_of_a_word_pages_and_keeps_its_other_filters(house: House, post: Post) -> None:
    for number in range(32):
        draft(house.author, house.account, title=f"École {number:02}")
    first = listed(house, "ecole")
    assert first == [f"École {number:02}" for number in range(31, 1, -1)]
    client = Client()
    client.force_login(house.author)
    told = client.get(reverse("publishing:post_list"), {"words": "ecole"}).context["page"]
    assert listed(house, "ecole", page=told.next) == ["École 01", "École 00", "L’école des impôts"]
    assert listed(house, "ecole", state="approved") == []


def test_who_sees_none_of_them_finds_none(house: House, post: Post) -> None:
    assert [one.rows[0].title for one in found_for(house.author, "ecole")] == ["L’école des impôts"]
    assert list(found_for(house.stranger, "ecole")) == []


def test_the_best_stands_first(house: House, post: Post) -> None:
    draft(house.author, house.account, title="Neuf", core_text="Une école, et rien d’autre")
    [found] = found_for(house.author, "ecole")
    assert [one.title for one in found.rows] == ["L’école des impôts", "Neuf"]
    assert (found.count, found.is_capped) == (2, False)
