"""Answers go out through the machinery that sends, and stop the clock when they are on the network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from conversations.actions import (
    answer_conversation,
    assign_conversation,
    categorise_conversation,
    close_conversation,
    reopen_conversation,
    send_again,
    take_conversation,
    withdraw_answer,
)
from conversations.enums import CONVERSATION_LIFECYCLE
from conversations.models import Answer, Conversation
from conversations.queries import answers_of, latest_message, mark_of_question, waiting_count, waiting_for
from delivery.actions import Line, place_hold, send_next
from delivery.content import freeze
from delivery.enums import DeliveryState, Trouble
from delivery.models import Delivery
from monitoring.actions.receiving import receive
from monitoring.models import Mention
from networks import catalogue
from networks.errors import Gone, OutcomeUnknown, Rejected
from networks.types import Draft, PostRef, Problem
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.delivery import FakeNetwork, thaw
from tests.factories.monitoring import incoming
from tests.factories.organisation import UnitFactory, person_with
from tests.locking import locks_taken


class AnsweringNetwork(FakeNetwork):
    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        too_long = Problem("text", "text_too_long", limit=500, actual=len(draft.text))
        return (too_long,) if len(draft.text) > 500 else ()


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch, db: None) -> AnsweringNetwork:
    """Nothing is frozen, and every connector is this network."""
    thaw()
    fake = AnsweringNetwork()
    monkeypatch.setattr(catalogue, "connector", lambda account, egress: fake.acting_as(account))
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    return fake


@pytest.fixture
def conversation(account: Any) -> Conversation:
    found = ConversationFactory.create(account=account)
    MentionFactory.create(conversation=found, remote_id="their-post", cid="c1", root_id="root-post", root_cid="c0")
    return found


def send() -> None:
    passed: set[int] = set()
    while send_next(Line(passing_over=passed)):
        pass


@pytest.mark.longer
def test_an_answer_is_sent_once_as_a_reply_and_stops_the_clock(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer = answer_conversation(conversation=conversation, text=" Avant le 30 juin. ", by=manager, seen=0)
    assert [status.state for status in answers_of(conversation)] == ["due"]
    send()
    [(draft, _key)] = sending.calls
    assert (draft.text, draft.language) == ("Avant le 30 juin.", "fr")
    assert (draft.reply_to, draft.reply_root) == (PostRef("their-post", cid="c1"), PostRef("root-post", cid="c0"))
    conversation.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (conversation.state, conversation.answered_at) == ("answered", delivery.published_at)
    answer.refresh_from_db()
    assert answer.published_at == delivery.published_at
    [status] = answers_of(conversation)
    assert (status.state, status.delivery) == ("published", delivery)


@pytest.mark.longer
def test_its_delivery_leads_to_the_conversation_whoever_sees_that(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, client: Client
) -> None:
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    page, there = (
        Delivery.objects.get().get_absolute_url(),
        reverse("conversations:conversation", args=[conversation.pk]),
    )
    client.force_login(manager)
    assert f'href="{there}"' in client.get(page).content.decode()
    Conversation.objects.update(unit=UnitFactory.create())
    assert there not in client.get(page).content.decode()


@pytest.mark.longer
def test_the_story_is_told_in_order(conversation: Conversation, manager: Person, sending: AnsweringNetwork) -> None:
    take_conversation(conversation=conversation, by=manager)
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    close_conversation(conversation=conversation, by=manager)
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == [
        "conversation.take",
        "answer.written",
        "delivery.scheduled",
        "delivery.claim",
        "delivery.publish",
        "conversation.answer",
        "conversation.close",
    ]


def test_a_frozen_answer_waits_and_says_so(
    conversation: Conversation, unit: Unit, manager: Person, sending: AnsweringNetwork
) -> None:
    place_hold(scope="unit", unit=unit, reason="Crisis", by=person_with("crisis_cell", unit))
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    assert sending.calls == []
    assert [status.state for status in answers_of(conversation)] == ["frozen"]


@pytest.mark.longer
def test_a_freeze_of_the_conversation_s_unit_stops_an_answer_on_another_unit_s_account(
    conversation: Conversation, unit: Unit, manager: Person, sending: AnsweringNetwork
) -> None:
    below = UnitFactory.create(parent=unit)
    Conversation.objects.update(unit=below)
    conversation.refresh_from_db()
    hold = place_hold(scope="unit", unit=below, reason="Crisis", by=person_with("crisis_cell", below))
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    assert sending.calls == []
    assert [status.state for status in answers_of(conversation)] == ["frozen"]
    client = Client()
    client.force_login(manager)
    page = client.get(reverse("conversations:conversation", args=[conversation.pk]))
    assert list(page.context["holds"]) == [hold]


def test_who_answered_meanwhile_is_a_conflict(
    conversation: Conversation, unit: Unit, manager: Person, sending: AnsweringNetwork
) -> None:
    answer_conversation(conversation=conversation, text="Oui.", by=person_with("spokesperson", unit), seen=0)
    with pytest.raises(Conflict):
        answer_conversation(conversation=conversation, text="Non.", by=manager, seen=0)
    assert Answer.objects.count() == 1


def test_a_changed_text_is_never_sent(conversation: Conversation, manager: Person, sending: AnsweringNetwork) -> None:
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    content, digest = freeze({**Delivery.objects.get().content, "text": "Something else"})
    Delivery.objects.update(content=content, content_hash=digest)
    send()
    assert sending.calls == []
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


def test_an_answer_speaks_for_the_account_that_was_asked_and_no_other(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer_conversation(conversation=conversation, text="Voici.", by=manager, seen=0)
    Delivery.objects.update(account=ConnectedAccountFactory.create())
    send()
    delivery = Delivery.objects.get()
    assert sending.calls == []
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.NOT_APPROVED)


def test_newcomers_do_not_answer(conversation: Conversation, newcomer: Person, sending: AnsweringNetwork) -> None:
    with pytest.raises(PermissionDenied):
        answer_conversation(conversation=conversation, text="Oui.", by=newcomer, seen=0)


def test_what_the_network_would_refuse_stands_at_the_text(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    with pytest.raises(Refused) as refused:
        answer_conversation(conversation=conversation, text="x" * 501, by=manager, seen=0)
    assert refused.value.field == "text"
    assert "501" in refused.value.reasons[0]
    assert not Answer.objects.exists()


@pytest.mark.longer
def test_a_refused_answer_is_told_and_can_be_sent_again(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    take_conversation(conversation=conversation, by=manager)
    sending.answers.append(Rejected("no"))
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    conversation.refresh_from_db()
    assert conversation.state == "assigned"
    assert "Your answer is not on the network" in [waiting.title for waiting in waiting_for(manager)]
    send_again(answer=answer, by=manager)
    Delivery.objects.update(due_at=Delivery.objects.get().created_at)
    send()
    conversation.refresh_from_db()
    assert conversation.state == "answered"


@pytest.mark.longer
def test_an_uncertain_answer_is_not_sent_again_and_keeps_the_conversation_open(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    sending.answers.append(OutcomeUnknown())
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    assert [status.state for status in answers_of(conversation)] == ["unknown"]
    with pytest.raises(Conflict):
        send_again(answer=answer, by=manager)
    with pytest.raises(Conflict):
        withdraw_answer(answer=answer, by=manager, reason="Wrong")
    with pytest.raises(Refused):
        close_conversation(conversation=conversation, by=manager, reason="Done")


def test_a_waiting_answer_can_be_withdrawn(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    withdraw_answer(answer=answer, by=manager, reason="Not checked")
    send()
    assert sending.calls == []
    assert [status.state for status in answers_of(conversation)] == ["cancelled"]


@pytest.mark.longer
def test_when_the_citizens_message_is_gone_the_worker_looks_soon(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    sending.answers.append(Gone())
    before = Mention.objects.get().check_at
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    assert Mention.objects.get().check_at < before


@pytest.mark.longer
def test_a_message_written_after_the_answer_keeps_the_clock_running(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    later = answer.written_at + timedelta(microseconds=1)
    Answer.objects.update(written_at=conversation.last_mention_at + timedelta(microseconds=1))
    item = incoming(7, author=conversation.author_id, root=PostRef(conversation.root_id), created_at=later)
    receive(account=conversation.account, items=[item])
    send()
    conversation.refresh_from_db()
    assert (conversation.state, conversation.answered_at) == ("new", None)
    assert conversation.clock_started_at == Mention.objects.latest("sent_at").sent_at


@pytest.mark.longer
def test_a_message_that_was_told_while_the_answer_waited_keeps_the_clock_running(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    """The citizen wrote it before, and whoever wrote the answer could not know."""
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    said = conversation.last_mention_at + timedelta(microseconds=1)
    receive(
        account=conversation.account,
        items=[incoming(7, author=conversation.author_id, root=PostRef(conversation.root_id), created_at=said)],
    )
    send()
    conversation.refresh_from_db()
    assert (conversation.state, conversation.clock_started_at) == ("new", said)


@pytest.mark.longer
def test_a_message_that_is_told_late_while_somebody_answers_the_newest_is_shown_first(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    """It stands before what they had before them: nobody would see it, and it would be held for answered."""
    before = mark_of_question(latest_message(conversation))
    said = conversation.last_mention_at - timedelta(seconds=1)
    item = incoming(7, author=conversation.author_id, root=PostRef(conversation.root_id), created_at=said)
    receive(account=conversation.account, items=[item])
    answered = {"conversation": conversation, "text": "Oui.", "by": manager, "seen": 0}
    with pytest.raises(Refused, match="meanwhile"):
        answer_conversation(**answered, question=before)
    answer_conversation(**answered, question=mark_of_question(latest_message(conversation)))
    send()
    conversation.refresh_from_db()
    assert conversation.state == "answered"


def test_triage_moves_the_deadline(conversation: Conversation, manager: Person, newcomer: Person) -> None:
    with locks_taken() as locked:
        categorise_conversation(conversation=conversation, category="threat", by=manager)
    assert locked[0] == "conversations_conversation"
    told = AuditEvent.objects.get(verb="conversation.categorised").details
    assert (told["from"], told["to"]) == ("", "threat")
    assert conversation.deadline == conversation.clock_started_at + timedelta(minutes=30)
    categorise_conversation(conversation=conversation, category="spam", by=manager)
    assert conversation.deadline is None
    with pytest.raises(Refused):
        categorise_conversation(conversation=conversation, category="nonsense", by=manager)
    with pytest.raises(PermissionDenied):
        categorise_conversation(conversation=conversation, category="spam", by=newcomer)


def test_nobody_is_given_what_they_may_not_answer(
    conversation: Conversation, manager: Person, newcomer: Person
) -> None:
    with pytest.raises(Refused) as refused:
        assign_conversation(conversation=conversation, to=newcomer, by=manager)
    assert refused.value.field == "to"
    assert Conversation.objects.get().assigned_to is None


def test_closing_without_an_answer_needs_a_reason(conversation: Conversation, manager: Person) -> None:
    with pytest.raises(Refused):
        close_conversation(conversation=conversation, by=manager)
    close_conversation(conversation=conversation, by=manager, reason="Spam")
    reopen_conversation(conversation=conversation, by=manager)
    assert conversation.state == "new"


def test_two_people_take_the_same(conversation: Conversation, unit: Unit, manager: Person) -> None:
    take_conversation(conversation=conversation, by=manager)
    with pytest.raises(Conflict):
        take_conversation(conversation=conversation, by=person_with("spokesperson", unit))


def test_what_waits_is_mine_and_nobodys(conversation: Conversation, unit: Unit, manager: Person) -> None:
    assert waiting_count(manager) == 1
    take_conversation(conversation=conversation, by=manager)
    assert (waiting_count(manager), waiting_count(person_with("spokesperson", unit))) == (1, 0)
    assert [waiting.act for waiting in waiting_for(manager)] == ["Answer"]


@pytest.mark.parametrize(
    ("name", "sources", "target"),
    [
        ("take", {"new"}, "assigned"),
        ("assign", {"new", "assigned", "answered"}, "assigned"),
        ("answer", {"new", "assigned"}, "answered"),
        ("owe", {"answered"}, "new"),
        ("close", {"new", "assigned", "answered"}, "closed"),
        ("lapse", {"new", "assigned"}, "closed"),
        ("return", {"answered", "closed"}, "new"),
        ("expire", {"new"}, "closed"),
        ("reopen", {"closed"}, "new"),
        ("resume", {"answered", "closed"}, "assigned"),
        ("renew", {"answered", "closed"}, "new"),
    ],
)
def test_the_edges(name: str, sources: set[str], target: str) -> None:
    edge = CONVERSATION_LIFECYCLE[name]
    assert (set(edge.sources), edge.target) == (sources, target)
    assert len(CONVERSATION_LIFECYCLE.transitions) == 11
