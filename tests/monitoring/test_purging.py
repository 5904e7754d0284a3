"""What a citizen wrote goes on its day, and nothing that answered it goes out afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.actions import answer_conversation, send_again
from conversations.enums import ConversationState
from conversations.models import Answer, Conversation
from conversations.queries import answers_of
from delivery.actions import send_next
from delivery.enums import DeliveryState, Outcome, Trouble
from delivery.models import Attempt, Delivery
from monitoring.actions import purge_expired
from monitoring.actions.checking import _seen
from monitoring.models import Item, Mention
from networks import catalogue
from networks.types import Draft, Problem
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, Person
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.delivery import FakeNetwork, thaw
from tests.factories.organisation import person_with

YESTERDAY = timedelta(days=1)


class Network(FakeNetwork):
    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        return ()


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch, db: None) -> Network:
    thaw()
    fake = Network()
    monkeypatch.setattr(catalogue, "connector", lambda account, egress: fake.acting_as(account))
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    return fake


@pytest.fixture
def conversation(account: Any) -> Conversation:
    found = ConversationFactory.create(account=account, author_handle="anna", author_name="Anna")
    MentionFactory.create(conversation=found, remote_id="their-post")
    return found


def answered(conversation: Conversation, by: Person, state: str, **facts: Any) -> Answer:
    answer = answer_conversation(conversation=conversation, text="@anna Avant le 30 juin.", by=by, seen=0)
    Delivery.objects.update(state=state, **facts)
    return answer


def its_day_has_come(conversation: Conversation) -> None:
    Mention.objects.update(purge_after=timezone.localdate() - YESTERDAY)
    Conversation.objects.filter(pk=conversation.pk).update(state=ConversationState.ANSWERED, answered_at=timezone.now())


@pytest.mark.parametrize("state", [DeliveryState.DUE, DeliveryState.FAILED, DeliveryState.EXPIRED])
def test_an_answer_that_never_went_out_ends_with_what_it_answered(
    conversation: Conversation, manager: Person, sending: Network, state: str
) -> None:
    answer = answered(conversation, manager, state)
    its_day_has_come(conversation)

    assert purge_expired() == 1

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.ERASED)
    assert "anna" not in str(delivery.content)
    assert "their-post" not in str(delivery.content)
    assert "anna" not in Answer.objects.get().text
    assert [status.may_be_sent_again for status in answers_of(conversation)] == [False]
    with pytest.raises(Conflict):
        send_again(answer=answer, by=manager)
    send_next(passing_over=set())
    assert sending.calls == []


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.EXPIRED])
def test_one_that_an_earlier_purge_rewrote_gets_no_new_time(
    conversation: Conversation, manager: Person, sending: Network, state: str
) -> None:
    answer = answered(conversation, manager, state)
    content = {**Delivery.objects.get().content, "text": "@…", "reply_to": None, "reply_root": None}
    Delivery.objects.update(content=content)

    assert [status.may_be_sent_again for status in answers_of(conversation)] == [False]
    with pytest.raises(Refused):
        send_again(answer=answer, by=manager)
    assert Delivery.objects.get().state == state


def test_a_purge_waits_for_an_answer_that_is_on_its_way(
    conversation: Conversation, manager: Person, sending: Network
) -> None:
    answered(conversation, manager, DeliveryState.SENDING, epoch=1, lease_until=timezone.now())
    its_day_has_come(conversation)
    assert purge_expired() == 0
    assert Mention.objects.filter(item__remote_id="their-post").exists()

    Delivery.objects.update(state=DeliveryState.FAILED)
    assert purge_expired() == 1
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


def test_an_older_message_takes_the_answer_to_it_along(
    conversation: Conversation, manager: Person, sending: Network
) -> None:
    answered(conversation, manager, DeliveryState.EXPIRED)
    its_day_has_come(conversation)
    later = MentionFactory.create(conversation=conversation, remote_id="their-second")
    Mention.objects.filter(pk=later.pk).update(purge_after=timezone.localdate() + YESTERDAY)

    assert purge_expired() == 1
    assert Delivery.objects.get().state == DeliveryState.CANCELLED
    conversation.refresh_from_db()
    assert conversation.author_handle == "anna"


def test_a_message_that_the_citizen_deleted_is_not_answered_any_more(
    conversation: Conversation, manager: Person, sending: Network
) -> None:
    answered(conversation, manager, DeliveryState.DUE)
    _seen(mention=conversation.mentions.get(), found=None)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.GONE)
    assert "anna" not in str(delivery.content) + Answer.objects.get().text
    send_next(passing_over=set())
    assert sending.calls == []


def test_an_answer_of_somebody_who_may_no_longer_answer_waits_for_a_colleague(
    conversation: Conversation, manager: Person, sending: Network
) -> None:
    answer = answered(conversation, manager, DeliveryState.DUE)
    Grant.objects.filter(person=manager).update(revoked_at=timezone.now())

    send_next(passing_over=set())
    delivery = Delivery.objects.get()
    assert sending.calls == []
    assert (delivery.state, delivery.problem_code) == (DeliveryState.FAILED, Trouble.BACKING_LOST)

    colleague = person_with("conversation_manager", conversation.unit)
    send_again(answer=answer, by=colleague)
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    send_next(passing_over=set())
    assert len(sending.calls) == 1
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


def test_of_two_messages_only_the_deleted_one_takes_its_answer_along(
    conversation: Conversation, manager: Person, sending: Network
) -> None:
    first = conversation.mentions.get()
    answered(conversation, manager, DeliveryState.DUE)
    MentionFactory.create(conversation=conversation, remote_id="their-second")
    _seen(mention=first, found=None)

    assert Delivery.objects.get().state == DeliveryState.CANCELLED
    conversation.refresh_from_db()
    assert conversation.author_handle == "anna"


@pytest.mark.parametrize(
    "text",
    [
        "@ANNA Avant le 30 juin.",
        "＠anna Avant le 30 juin.",
        "Chère Anna Avant le 30 juin.",
        "@anna-hier@ailleurs.example Avant le 30 juin.",  # under a name that they bear no more
        ".@anna Avant le 30 juin.",
        "https://ailleurs.example/@anna/1 anna Avant le 30 juin.",
    ],
)
@pytest.mark.parametrize("state", [DeliveryState.PUBLISHED, DeliveryState.CANCELLED, DeliveryState.FAILED])
def test_nothing_of_the_citizen_stays_however_they_were_written(
    conversation: Conversation, manager: Person, sending: Network, text: str, state: str
) -> None:
    Item.objects.update(warning="anna est malade")
    answer = answer_conversation(conversation=conversation, text=f"{text} Ou info@fin.example.", by=manager, seen=0)
    facts = {"remote_id": "ours", "published_at": timezone.now()} if state == DeliveryState.PUBLISHED else {}
    Delivery.objects.update(state=state, problem_detail="@anna blocked you", **facts)
    Attempt.objects.create(
        delivery=Delivery.objects.get(), epoch=1, outcome=Outcome.REFUSED, detail="@anna blocked you"
    )
    its_day_has_come(conversation)

    assert purge_expired() == 1

    delivery, attempt = Delivery.objects.get(), Attempt.objects.get()
    answer.refresh_from_db()
    kept = f"{delivery.content} {delivery.problem_detail} {attempt.detail} {answer.text}"
    assert "anna" not in kept.casefold()
    assert answer.text.endswith("Avant le 30 juin. Ou info@fin.example.")
    assert delivery.text == answer.text
