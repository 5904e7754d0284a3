"""The same actions and the same policy over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts_registry.models import Account
from conversations.models import Conversation
from organisation.models import Person, Unit
from tests.factories.conversations import ConversationFactory, MentionFactory, asked_now
from tests.factories.delivery import thaw
from tests.factories.organisation import PersonFactory, person_with

ROOT = "/api/v1/conversations/"
QUERIES_OF_ONE = 8


@pytest.fixture(autouse=True)
def unwoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)


@pytest.fixture
def conversation(account: Account) -> Conversation:
    found = ConversationFactory.create(account=account)
    MentionFactory.create(conversation=found)
    return found


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(client: Client, conversation: Conversation, act: str, told: dict[str, Any] | None = None) -> Any:
    return client.post(f"{ROOT}{conversation.pk}/{act}/", json.dumps(told or {}), content_type="application/json")


@pytest.mark.longer
def test_the_whole_work(conversation: Conversation, manager: Person) -> None:
    thaw()
    client = signed_in(manager)
    [listed] = client.get(ROOT).json()["results"]
    assert (listed["id"], listed["state"]) == (conversation.pk, "new")
    assert post(client, conversation, "take").json()["assigned_to"]["id"] == manager.pk
    assert post(client, conversation, "categorise", {"category": "press"}).json()["category"] == "press"
    told = post(client, conversation, "answer", {"text": "Oui.", "seen": 0, "question": asked_now(conversation)})
    assert [answer["state"] for answer in told.json()["answers"]] == ["due"]
    [mention] = client.get("/api/v1/mentions/").json()["results"]
    assert mention["conversation"] == conversation.pk


@pytest.mark.longer
def test_an_answer_is_for_the_question_that_its_writer_had_before_them(
    conversation: Conversation, manager: Person
) -> None:
    thaw()
    client = signed_in(manager)
    read = client.get(f"{ROOT}{conversation.pk}/").json()["question"]
    MentionFactory.create(conversation=conversation)
    refused = post(client, conversation, "answer", {"text": "Oui.", "seen": 0, "question": read})
    assert (refused.status_code, list(refused.json())) == (400, ["text"])
    now = client.get(f"{ROOT}{conversation.pk}/").json()["question"]
    assert now != read
    assert post(client, conversation, "answer", {"text": "Oui.", "seen": 0, "question": now}).status_code == 200


@pytest.mark.longer
def test_a_refusal_says_its_sentence_and_a_conflict_the_state(
    conversation: Conversation, unit: Unit, manager: Person
) -> None:
    client = signed_in(manager)
    refused = post(client, conversation, "close")
    assert refused.status_code == 400
    assert refused.json() == {"reason": ["Nobody answered: say why no answer is needed."]}
    post(client, conversation, "take")
    conflict = post(signed_in(person_with("spokesperson", unit)), conversation, "take")
    assert (conflict.status_code, conflict.json()["state"]) == (409, "assigned")
    assert post(client, conversation, "assign", {"to": PersonFactory.create().pk}).status_code == 400


@pytest.mark.parametrize("act", ["take", "categorise", "answer", "close"])
def test_sight_and_leave(conversation: Conversation, newcomer: Person, act: str) -> None:
    told = {"category": "spam", "text": "Oui", "seen": 0, "reason": "x"}
    assert post(signed_in(newcomer), conversation, act, told).status_code == 403
    assert post(signed_in(PersonFactory.create()), conversation, act, told).status_code == 404
    assert post(Client(), conversation, act, told).status_code == 403
    assert signed_in(PersonFactory.create()).get("/api/v1/mentions/").status_code == 403


@pytest.mark.longer
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_however_many_there_are(
    manager: Person, account: Account, count: int, django_assert_num_queries: Any
) -> None:
    for _each in range(count):
        MentionFactory.create(conversation=ConversationFactory.create(account=account))
    client = signed_in(manager)
    with django_assert_num_queries(5):
        client.get(ROOT)
    with django_assert_num_queries(5):
        client.get("/api/v1/mentions/")


@pytest.mark.parametrize("messages", [1, 12])
def test_a_conversation_asks_the_same_however_much_its_citizen_wrote(
    conversation: Conversation, manager: Person, messages: int, django_assert_num_queries: Any
) -> None:
    for _each in range(messages):
        MentionFactory.create(conversation=conversation)
    client = signed_in(manager)
    with django_assert_num_queries(QUERIES_OF_ONE):
        told = client.get(f"{ROOT}{conversation.pk}/").json()
    assert len(told["mentions"]) == messages + 1


def test_a_category_that_there_is_not_is_refused_at_its_field(conversation: Conversation, manager: Person) -> None:
    answer = post(signed_in(manager), conversation, "categorise", {"category": "nonsense"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["category"]
    conversation.refresh_from_db()
    assert conversation.category == ""


def test_those_of_one_state_are_listed_alone(conversation: Conversation, manager: Person) -> None:
    client = signed_in(manager)
    assert [one["id"] for one in client.get(f"{ROOT}?state=new").json()["results"]] == [conversation.pk]
    assert client.get(f"{ROOT}?state=closed").json()["results"] == []
    wrong = client.get(f"{ROOT}?state=nothing")
    assert (wrong.status_code, list(wrong.json())) == (400, ["state"])
