"""One search over all rooms: of each kind what the person may see, the best first, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.models import Item
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.crisis import PlaybookFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import draft

pytestmark = pytest.mark.django_db


def found(person: Person, words: str) -> dict[str, list[str]]:
    """Titles by kind, in the page's order."""
    client = Client()
    client.force_login(person)
    answer = client.get("/search/", {"q": words})
    assert answer.status_code == 200
    return {str(kind.label): [str(one.title) for one in kind.rows] for kind in answer.context["found"]}


@pytest.fixture
def unit() -> Unit:
    """A service in which everything is called after the summer."""
    unit = UnitFactory.create(slug="fin", names={"fr": "Finances", "nl": "Financiën"})
    author = person_with("communication_cell", unit, name="Ève Lété", email="eve@fin.example")
    account = ConnectedAccountFactory.create(unit=unit, handle="ete", languages=["fr"], owner=author)
    draft(author, account, title="L’été arrive")
    PlaybookFactory.create(unit=unit, title="Orages d’été", summary="Quand il pleut")
    conversation = ConversationFactory.create(account=account, unit=unit, author_handle="citoyen", author_name="Jean")
    MentionFactory.create(conversation=conversation, text="C’est l’ÉTÉ !")
    return unit


def test_each_kind_is_found_by_the_same_word(unit: Unit) -> None:
    seer = person_with("auditor", unit, name="Ada", email="ada@fin.example")
    assert found(seer, "ete") == {
        "Posts": ["L’été arrive"],
        "Conversations of the last 90 days": ["Jean"],
        "Accounts": ["@ete · Mastodon"],
        "Dossiers": ["@ete · Mastodon"],
        "Playbooks": ["Orages d’été"],
    }


@pytest.mark.longer
def test_a_conversation_says_what_was_written(unit: Unit, client: Client) -> None:
    client.force_login(person_with("auditor", unit, name="Ada", email="ada@fin.example"))
    assert "<bdi>C’est l’ÉTÉ !</bdi>" in client.get("/search/", {"q": "ete"}).content.decode()
    Item.objects.update(warning="Chaleur")
    page = client.get("/search/", {"q": "ete"}).content.decode()
    assert "<bdi>Chaleur</bdi>" in page
    assert "C’est l’ÉTÉ" not in page


def test_what_is_out_of_sight_is_not_found(unit: Unit) -> None:
    stranger = person_with("administrator", UnitFactory.create(slug="mobility"))
    assert found(stranger, "ete") == {}
    assert found(stranger, "eve") == {}


@pytest.mark.longer
def test_people_are_found_by_name_and_address_whatever_the_accents(unit: Unit) -> None:
    seer = person_with("administrator", unit, name="Ada", email="ada@fin.example")
    for words in ("eve", "LÉTÉ ève", "eve@fin.example", "lete"):
        assert found(seer, words)["People"] == ["Ève Lété"]


@pytest.mark.longer
def test_pages_are_found_by_their_name(unit: Unit) -> None:
    seer = person_with("communication_cell", unit)
    assert found(seer, "calend")["Pages"] == ["Calendar"]
    assert "Pages" not in found(seer, "technical")


@pytest.mark.longer
def test_nothing_is_asked_of_no_word(unit: Unit, client: Client) -> None:
    client.force_login(person_with("administrator", unit))
    page = client.get("/search/").content.decode()
    assert "Nothing was found" not in page
    assert "Nothing was found" in client.get("/search/", {"q": "zzz"}).content.decode()
    for odd in ("…", "'", "\\", "a:*&|!()", "%00", "x" * 500, "\u202e"):
        assert client.get("/search/", {"q": odd}).status_code == 200
    # Whoever sends somebody a link chooses the words, and with them what their browser calls the page.
    told = client.get("/search/", {"q": "paid \u202eyadnuS"}).content.decode().partition("</title>")[0]
    assert ("\u202e" in told, "‹U+202E›" in told) == (False, True)


@pytest.mark.longer
def test_its_questions_do_not_grow_with_what_is_found(
    unit: Unit, client: Client, django_assert_num_queries: Any
) -> None:
    author = person_with("communication_cell", unit, name="Été")
    client.force_login(person_with("auditor", unit))
    client.get("/search/", {"q": "ete"})
    with CaptureQueriesContext(connection) as few:
        client.get("/search/", {"q": "ete"})
    for number in range(3):
        account = ConnectedAccountFactory.create(unit=unit, handle=f"ete{number}", languages=["fr"])
        draft(author, account, title=f"Été {number}")
    with django_assert_num_queries(len(few)):
        client.get("/search/", {"q": "ete"})
