"""The inbox's pages: in sight or 404, allowed or 403, and nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from conversations.models import Answer, Conversation
from conversations.queries import inbox
from delivery.models import Delivery
from networks.catalogue import NETWORKS
from organisation.models import Person, Unit
from tests.factories.conversations import ConversationFactory, MentionFactory, asked_now
from tests.factories.organisation import PersonFactory, UnitFactory, person_with


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body(page: Any) -> str:
    return str(page.content.decode())


@pytest.fixture(autouse=True)
def unwoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)


@pytest.fixture
def conversation(account: Account) -> Conversation:
    found = ConversationFactory.create(account=account)
    MentionFactory.create(conversation=found)
    return found


@pytest.mark.longer
def test_from_the_inbox_to_an_answer(conversation: Conversation, manager: Person) -> None:
    client = signed_in(manager)
    listed = body(client.get(reverse("conversations:inbox")))
    assert "1 conversation." in listed
    assert "Quand dois-je rentrer" in listed
    page = reverse("conversations:conversation", args=[conversation.pk])
    assert "Answer before" in body(client.get(page))
    assert client.post(reverse("conversations:take", args=[conversation.pk])).status_code == 302
    given = {"text": "Avant le 30 juin.", "seen": 0, "question": asked_now(conversation)}
    sent = client.post(reverse("conversations:answer", args=[conversation.pk]), given)
    assert sent.status_code == 302
    assert Delivery.objects.get().text == "Avant le 30 juin."
    shown = body(client.get(page))
    assert "Avant le 30 juin." in shown
    assert "Your answer is on its way." in shown


def test_the_citizen_is_named_where_the_network_needs_it(conversation: Conversation, manager: Person) -> None:
    page = body(signed_in(manager).get(reverse("conversations:conversation", args=[conversation.pk])))
    assert f">\n@{conversation.author_handle} </textarea>" in page


@pytest.mark.longer
def test_a_text_that_is_too_long_comes_back(conversation: Conversation, manager: Person) -> None:
    limit = NETWORKS[conversation.account.network].capabilities.text_limit
    typed = "é" * (limit + 1)
    given = {"text": typed, "seen": 0, "question": asked_now(conversation)}
    page = signed_in(manager).post(reverse("conversations:answer", args=[conversation.pk]), given)
    assert page.status_code == 422
    assert "The answer is too long for this network" in body(page)
    assert typed in body(page)


@pytest.mark.longer
def test_a_colleagues_answer_in_between_shows_both_texts(
    conversation: Conversation, unit: Unit, manager: Person
) -> None:
    url, question = reverse("conversations:answer", args=[conversation.pk]), asked_now(conversation)
    colleague = person_with("spokesperson", unit, name="Bram Claes")
    assert signed_in(colleague).post(url, {"text": "Their words", "seen": 0, "question": question}).status_code == 302
    page = signed_in(manager).post(url, {"text": "My words", "seen": 0, "question": question})
    assert page.status_code == 409
    assert "Bram Claes answered while you were writing" in body(page)
    assert "Their words" in body(page)
    assert "My words" in body(page)
    again = signed_in(manager).post(url, {"text": "My words", "seen": Answer.objects.get().pk, "question": question})
    assert again.status_code == 302


@pytest.mark.longer
def test_what_the_citizen_writes_in_between_is_read_before_the_answer_leaves(
    conversation: Conversation, manager: Person
) -> None:
    client, page = signed_in(manager), reverse("conversations:conversation", args=[conversation.pk])

    def asked() -> str:
        return str(re.search(r'name="question" value="([^"]+)"', body(client.get(page)))[1])  # type: ignore[index]

    before = asked()
    MentionFactory.create(conversation=conversation, text="C’est résolu, merci.", sent_at=timezone.now())
    given = {"text": "Avant le 30 juin.", "seen": 0, "question": before}
    refused = client.post(reverse("conversations:answer", args=[conversation.pk]), given)
    assert (refused.status_code, Answer.objects.count()) == (422, 0)
    for told in ("The citizen wrote, changed or deleted something", "C’est résolu", "Avant le 30 juin.", asked()):
        assert told in body(refused)
    sent = client.post(reverse("conversations:answer", args=[conversation.pk]), {**given, "question": asked()})
    assert (sent.status_code, Answer.objects.count()) == (302, 1)


def test_taken_by_somebody_else_meanwhile(conversation: Conversation, unit: Unit, manager: Person) -> None:
    url = reverse("conversations:take", args=[conversation.pk])
    assert signed_in(person_with("spokesperson", unit)).post(url).status_code == 302
    assert signed_in(manager).post(url).status_code == 409


POSTS: list[tuple[str, dict[str, Any]]] = [
    ("take", {}),
    ("assign", {}),
    ("categorise", {"category": "spam"}),
    ("answer", {"text": "Oui", "seen": 0}),
    ("close", {"reason": "Spam"}),
]


@pytest.mark.parametrize(("name", "facts"), POSTS)
def test_who_only_reads_changes_nothing(
    conversation: Conversation, manager: Person, newcomer: Person, name: str, facts: dict[str, Any]
) -> None:
    told = {"to": manager.pk} if name == "assign" else facts
    url = reverse(f"conversations:{name}", args=[conversation.pk])
    assert signed_in(newcomer).post(url, told).status_code == 403
    assert signed_in(PersonFactory.create()).post(url, told).status_code == 404
    assert Client().post(url, told).status_code in (302, 403)
    conversation.refresh_from_db()
    assert conversation.state == "new"


@pytest.mark.longer
def test_assigning_is_for_those_who_may_answer(conversation: Conversation, manager: Person, newcomer: Person) -> None:
    url = reverse("conversations:assign", args=[conversation.pk])
    client = signed_in(manager)
    assert client.post(url, {"to": newcomer.pk}).status_code == 422
    assert client.post(url, {"to": manager.pk}).status_code == 302
    conversation.refresh_from_db()
    assert conversation.assigned_to == manager


@pytest.mark.longer
def test_closing_what_nobody_answered_asks_why(conversation: Conversation, manager: Person) -> None:
    url = reverse("conversations:close", args=[conversation.pk])
    page = signed_in(manager).post(url, {"reason": ""})
    assert page.status_code == 422
    assert "Nobody answered: say why no answer is needed." in body(page)
    assert signed_in(manager).post(url, {"reason": "Spam"}).status_code == 302


@pytest.mark.longer
def test_another_units_inbox_is_out_of_sight(conversation: Conversation) -> None:
    stranger = signed_in(person_with("conversation_manager", ConversationFactory.create().unit))
    assert stranger.get(reverse("conversations:conversation", args=[conversation.pk])).status_code == 404
    assert "1 conversation." in body(stranger.get(reverse("conversations:inbox")))


@pytest.mark.longer
def test_of_others_in_the_thread_only_those_in_sight_are_named(conversation: Conversation, manager: Person) -> None:
    """The account moved to this unit with a conversation that stayed where it was."""
    same = {"account": conversation.account, "root_id": conversation.root_id, "author_id": "somebody-else"}
    other = ConversationFactory.create(**same, author_name="Bea Bon")
    page = reverse("conversations:conversation", args=[conversation.pk])
    assert "Bea Bon" in body(signed_in(manager).get(page))
    Conversation.objects.filter(pk=other.pk).update(unit=UnitFactory.create())
    assert "Bea Bon" not in body(signed_in(manager).get(page))


@pytest.mark.longer
def test_filters_are_addresses(conversation: Conversation, manager: Person, account: Account) -> None:
    late = ConversationFactory.create(account=account, deadline=timezone.now() - timedelta(hours=1))
    late.category = "press"
    late.assigned_to, late.state = manager, "assigned"
    late.save()
    client = signed_in(manager)

    def shown(query: str) -> set[int]:
        page = client.get(f"{reverse('conversations:inbox')}?{query}")
        return {one.pk for one in page.context["page"].conversations}

    assert shown("") == {late.pk, conversation.pk}
    assert shown("show=mine") == shown("show=overdue") == shown("category=press") == {late.pk}
    assert shown("show=unassigned") == shown("category=none") == shown("q=rentrer") == {conversation.pk}
    assert shown("show=closed") == set()
    assert shown(f"account={account.pk}") == {late.pk, conversation.pk}
    assert shown("show=nonsense&account=x&page=broken") == {late.pk, conversation.pk}
    assert "1 conversation is late." in body(client.get(reverse("conversations:inbox")))


@pytest.mark.longer
def test_pages_follow_each_other_both_ways(manager: Person, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LATEST_FIRST", replace(inbox.LATEST_FIRST, size=2))
    now = timezone.now()
    made = [
        ConversationFactory.create(account=account, last_mention_at=now - timedelta(minutes=number // 2))
        for number in range(5)
    ]
    expected = [one.pk for one in sorted(made, key=lambda one: (one.last_mention_at, one.pk), reverse=True)]
    client, seen, marks = signed_in(manager), [], {}
    while True:
        page = client.get(reverse("conversations:inbox"), marks).context["page"]
        seen += [one.pk for one in page.conversations]
        if not page.page.next:
            break
        marks = {"page": page.page.next}
    assert seen == expected
    back = client.get(reverse("conversations:inbox"), {"page": page.page.previous}).context["page"]
    assert [one.pk for one in back.conversations] == expected[2:4]


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_asks_the_same_however_many_there_are(
    manager: Person, account: Account, count: int, django_assert_num_queries: Any
) -> None:
    for _each in range(count):
        MentionFactory.create(conversation=ConversationFactory.create(account=account))
    client = signed_in(manager)
    client.get(reverse("conversations:inbox"))
    with django_assert_num_queries(14):
        client.get(reverse("conversations:inbox"))
