"""What a citizen wrote goes on its day, and nothing that answered it goes out afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import answer_conversation, send_again
from conversations.enums import ConversationState
from conversations.models import Answer, Conversation
from conversations.queries import answers_of
from delivery.actions import Line, send_next
from delivery.enums import DeliveryState, Outcome, Trouble
from delivery.models import Attempt, Delivery
from monitoring.actions import purge_expired
from monitoring.actions.checking import _seen
from monitoring.models import Item, Mention
from networks import catalogue
from networks.folding import folded
from networks.types import Draft, PostRef, Problem
from organisation.actions import keep_unsaved
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, FormPage, Grant, Person
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.delivery import DeliveryFactory, FakeNetwork, thaw
from tests.factories.organisation import person_with
from tests.locking import locks_taken
from tests.thorough import thorough_after, thorough_but

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


@pytest.mark.longer
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
    send_next(Line())
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


@pytest.mark.parametrize(
    ("state", "kind", "goes"),
    [
        ("new", "mention", False),
        ("new", "search_hit", True),
        ("assigned", "search_hit", False),
        ("answered", "mention", True),
    ],
)
def test_what_somebody_works_on_stays_and_what_goes_leads_to_nobody(
    conversation: Conversation, manager: Person, state: str, kind: str, goes: bool
) -> None:
    other = ConversationFactory.create(account=conversation.account, author_name="Bert")
    its_day_has_come(conversation)
    Mention.objects.update(kind=kind)
    Conversation.objects.filter(pk=conversation.pk).update(
        state=state,
        assigned_to=manager if state == "assigned" else None,
        answered_at=timezone.now() if state == "answered" else None,
    )
    with locks_taken() as locked:
        purge_expired()
    assert "conversations_conversation" in locked
    told = [one.details["messages"] for one in AuditEvent.objects.filter(verb="conversation.purged")]
    assert (conversation.mentions.count(), told) == ((0, [1]) if goes else (1, []))
    conversation.refresh_from_db()
    led = (conversation.author_id, conversation.author_handle, conversation.author_name, conversation.root_id)
    assert (any(led), conversation.purged_at is not None) == (not goes, goes)
    other.refresh_from_db()
    assert other.author_name == "Bert"


@pytest.mark.longer
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


@pytest.mark.longer
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


@pytest.mark.longer
def test_a_message_that_the_citizen_deleted_is_not_answered_any_more(
    conversation: Conversation, manager: Person, sending: Network
) -> None:
    answered(conversation, manager, DeliveryState.DUE)
    other = ConversationFactory.create(account=conversation.account, author_name="Bert")
    MentionFactory.create(conversation=other, gone_at=timezone.now())
    others = AnswerFactory.create(conversation=other, text="As @anna wrote")
    theirs = DeliveryFactory.create(
        origin_kind="answer", origin_id=others.pk, due_at=timezone.now() + timedelta(days=1)
    )
    _seen(mention=conversation.mentions.get(), found=None)
    for one in (other, others, theirs):  # each conversation is looked at by itself
        one.refresh_from_db()
    assert (other.author_name, others.text, theirs.state) == ("Bert", "As @anna wrote", DeliveryState.DUE)

    delivery = Delivery.objects.exclude(pk=theirs.pk).get()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.GONE)
    assert "anna" not in str(delivery.content) + conversation.answers.get().text
    conversation.refresh_from_db()
    assert (conversation.author_name, conversation.author_handle) == ("", "")
    send_next(Line())
    assert sending.calls == []


@pytest.mark.longer
@pytest.mark.parametrize("when", ["after it", "on its way"])
def test_a_citizen_who_takes_all_away_leaves_no_name_in_our_answer(
    conversation: Conversation, manager: Person, sending: Network, when: str
) -> None:
    def away(_draft: Draft, _key: Any) -> PostRef:
        _seen(mention=conversation.mentions.get(), found=None)
        return PostRef("ours")

    Conversation.objects.update(author_name="Marie Peeters")
    sending.answers = [away if when == "on its way" else PostRef("ours")]
    text = "Chère Marie Peeters, avant le 30 juin."
    answer_conversation(conversation=conversation, text=text, by=manager, seen=0)
    send_next(Line())
    if when == "after it":
        _seen(mention=conversation.mentions.get(), found=None)
    conversation.refresh_from_db()
    assert (conversation.author_name, conversation.author_handle) == ("", "")
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.PUBLISHED
    assert "marie" not in folded(f"{delivery.content} {conversation.answers.get().text}")


@pytest.mark.longer
def test_an_answer_of_somebody_who_may_no_longer_answer_waits_for_a_colleague(
    conversation: Conversation, manager: Person, sending: Network
) -> None:
    answer = answered(conversation, manager, DeliveryState.DUE)
    Grant.objects.filter(person=manager).update(revoked_at=timezone.now())

    send_next(Line())
    delivery = Delivery.objects.get()
    assert sending.calls == []
    assert (delivery.state, delivery.problem_code) == (DeliveryState.FAILED, Trouble.BACKING_LOST)

    colleague = person_with("conversation_manager", conversation.unit)
    send_again(answer=answer, by=colleague)
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    send_next(Line())
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


@pytest.mark.longer
@pytest.mark.parametrize(
    "text",
    thorough_after(
        5,
        [
            "@ANNA Avant le 30 juin.",
            "Chère Anna Avant le 30 juin.",
            "@anna-hier@ailleurs.example Avant le 30 juin.",  # under a name that they bear no more
            "https://ailleurs.example/@anna/1 anna Avant le 30 juin.",
            "Chère An\u00adna Avant le 30 juin.",
            "＠anna Avant le 30 juin.",
            ".@anna Avant le 30 juin.",
            "﹫anna Avant le 30 juin.",
            "Chère Ａｎｎａ Avant le 30 juin.",
            "Chère A\u0301nna Avant le 30 juin.",
        ],
    ),
)
@pytest.mark.parametrize(
    "state",
    thorough_but([DeliveryState.PUBLISHED, DeliveryState.CANCELLED, DeliveryState.FAILED], DeliveryState.PUBLISHED),
)
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
    assert "anna" not in folded(kept)
    assert answer.asked_hash == "", "nor by what they had said"
    assert answer.text.endswith("Avant le 30 juin. Ou info@fin.example.")
    assert delivery.text == answer.text


@pytest.mark.parametrize("how", ["its day has come", "the citizen deleted it"])
def test_what_somebody_began_to_answer_and_did_not_save_goes_with_the_question(
    conversation: Conversation, manager: Person, how: str
) -> None:
    other = ConversationFactory.create(account=conversation.account)
    for one in (conversation, other):
        keep_unsaved(person=manager, mark=uuid4(), place=f"answer.{one.pk}", texts='{"text": ["Chère Anna"]}')
    if how == "its day has come":
        its_day_has_come(conversation)
        assert purge_expired() == 1
    else:
        _seen(mention=conversation.mentions.get(), found=None)
    assert list(FormPage.objects.values_list("place", flat=True)) == [f"answer.{other.pk}"]


@pytest.mark.longer
def test_a_batch_is_erased_in_the_same_questions_however_many_conversations(
    account: Any, django_assert_num_queries: Any
) -> None:
    def its_day_comes(count: int) -> None:
        for _ in range(count):
            its_day_has_come(MentionFactory.create(account=account).conversation)

    its_day_comes(1)
    with CaptureQueriesContext(connection) as one:
        assert purge_expired() == 1
    its_day_comes(3)
    with django_assert_num_queries(len(one)):
        assert purge_expired() == 3
    assert not Conversation.objects.exclude(author_id="", author_handle="", author_name="", root_id="").exists()
    assert AuditEvent.objects.filter(verb="conversation.purged").count() == 4
