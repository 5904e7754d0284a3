"""Answers that colleagues give on the network itself, past Parvis."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_registry.models import Account
from conversations.actions import answer_conversation, send_again
from conversations.actions.forgetting import forget_deleted
from conversations.models import Answer, Conversation
from conversations.queries import InboxFilter, inbox_page, waiting_for
from conversations.schedule import response_deadline
from delivery.enums import DeliveryState
from delivery.models import Delivery
from monitoring.actions.receiving import receive
from monitoring.models import Mention
from networks.errors import OutcomeUnknown
from networks.types import Draft, Incoming, Kind, PostRef
from organisation.lifecycle import Conflict
from organisation.models import AuditEvent, Person
from organisation.queries import calendar_of
from tests.conversations.test_answering import AnsweringNetwork, conversation, send, sending
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.delivery import POST, DeliveryFactory
from tests.factories.monitoring import incoming

__all__ = ["conversation", "sending"]
HOUR = timedelta(hours=1)


def given(conversation: Conversation, after: timedelta = HOUR, **facts: Any) -> Incoming:
    """What the account answered on the network, so long after the citizen's message."""
    told = {"id": "ours-there", "parent": PostRef("their-post"), "text": "Avant le 30 juin.", "kind": Kind.ANSWER}
    told |= {"author": conversation.account.remote_id, "url": "https://mastodon.example/@fin/ours-there"}
    return incoming(7, **{**told, "created_at": conversation.last_mention_at + after, **facts})


def test_an_answer_on_the_network_itself_stops_the_clock_once(conversation: Conversation) -> None:
    """Told twice, by two readings: one answer, one event, and no conversation with ourselves."""
    one = given(conversation)
    for _reading in range(2):
        assert receive(account=conversation.account, items=[one]) == 0
    conversation.refresh_from_db()
    assert (conversation.state, conversation.answered_at) == ("answered", one.created_at)
    answer = Answer.objects.get()
    assert (answer.text, answer.author, answer.published_at) == ("Avant le 30 juin.", None, one.created_at)
    assert answer.mention == conversation.mentions.get()
    assert (Conversation.objects.count(), Mention.objects.count(), Delivery.objects.count()) == (1, 1, 0)
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["answer.found", "conversation.answer"]


def test_question_and_answer_may_come_on_one_page(conversation: Conversation) -> None:
    citizen = {"author": conversation.author_id, "root": PostRef(conversation.root_id)}
    later = conversation.last_mention_at + HOUR
    asked = incoming(2, id="second", created_at=later, **citizen)
    one = given(conversation, 2 * HOUR, parent=PostRef("second"))
    receive(account=conversation.account, items=[one, asked])
    conversation.refresh_from_db()
    assert (conversation.state, conversation.answered_at) == ("answered", one.created_at)


def test_what_was_said_before_the_question_answers_none(conversation: Conversation) -> None:
    receive(account=conversation.account, items=[given(conversation, -HOUR)])
    before = conversation.deadline
    conversation.refresh_from_db()
    assert (conversation.state, conversation.answered_at, conversation.deadline) == ("new", None, before)
    assert Answer.objects.get().was_found


def test_of_two_questions_the_one_after_it_has_the_clock(conversation: Conversation) -> None:
    second = MentionFactory.create(conversation=conversation, sent_at=conversation.last_mention_at + 2 * HOUR)
    receive(account=conversation.account, items=[given(conversation)])
    conversation.refresh_from_db()
    assert (conversation.state, conversation.clock_started_at) == ("new", second.sent_at)
    due = response_deadline(category="", asked_at=second.sent_at, calendar=calendar_of(conversation.unit))
    assert conversation.deadline == due


def test_an_old_answer_found_late_does_not_turn_the_clock_back(conversation: Conversation) -> None:
    MentionFactory.create(conversation=conversation, sent_at=conversation.last_mention_at + 2 * HOUR)
    receive(account=conversation.account, items=[given(conversation, 3 * HOUR)])
    receive(account=conversation.account, items=[given(conversation, HOUR, id="older")])
    conversation.refresh_from_db()
    assert (conversation.state, Answer.objects.count()) == ("answered", 2)


@pytest.mark.parametrize(
    "facts",
    [{"parent": None}, {"parent": PostRef("our-own-post")}, {"author": "another-account"}],
    ids=["a post of ours", "to what nobody here knows", "by somebody else"],
)
def test_nothing_else_of_ours_is_an_answer(conversation: Conversation, facts: dict[str, Any]) -> None:
    receive(account=conversation.account, items=[given(conversation, **facts)])
    conversation.refresh_from_db()
    assert (conversation.state, Answer.objects.count(), Mention.objects.count()) == ("new", 0, 1)


def test_a_second_part_below_our_own_answer_belongs_to_it(conversation: Conversation) -> None:
    second = given(conversation, 2 * HOUR, id="second-part", parent=PostRef("ours-there"), text="Et sur papier.")
    receive(account=conversation.account, items=[second, given(conversation)])
    assert [one.text for one in conversation.answers.all()] == ["Avant le 30 juin.", "Et sur papier."]


def test_what_stands_below_our_own_post_is_no_answer_of_the_same_number(conversation: Conversation) -> None:
    """Posts and answers are counted each for themselves: a post that bears an answer's number is not that answer."""
    receive(account=conversation.account, items=[given(conversation)])
    number = Answer.objects.get().pk
    post = {"account": conversation.account, "origin_kind": POST, "origin_id": number, "remote_id": "our-post"}
    DeliveryFactory.create(**post, state=DeliveryState.PUBLISHED, published_at=conversation.last_mention_at)
    receive(account=conversation.account, items=[given(conversation, 2 * HOUR, id="more", parent=PostRef("our-post"))])
    assert [one.remote_id for one in Answer.objects.all()] == ["ours-there"]


def test_what_is_edited_there_is_read_anew(conversation: Conversation) -> None:
    receive(account=conversation.account, items=[given(conversation)])
    receive(account=conversation.account, items=[given(conversation, text="Avant le 15 juillet.")])
    assert Answer.objects.get().text == "Avant le 15 juillet."


@pytest.mark.longer
def test_an_answer_that_parvis_sent_is_not_found_again(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer_conversation(conversation=conversation, text="Avant le 30 juin.", by=manager, seen=0)
    send()
    told = given(conversation, id=Delivery.objects.get().remote_id)
    receive(account=conversation.account, items=[told])
    assert [answer.was_found for answer in Answer.objects.all()] == [False]


@pytest.mark.longer
@pytest.mark.parametrize("outcome", ["comes", "is lost"])
def test_one_that_is_on_its_way_is_ours(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, outcome: str
) -> None:
    """The network shows it before we were told its name."""

    def write(_draft: Draft, _key: Any) -> PostRef:
        receive(account=conversation.account, items=[given(conversation, timedelta(0))])
        if outcome == "is lost":
            raise OutcomeUnknown
        return PostRef("ours-there")

    sending.answers = [write]
    answer_conversation(conversation=conversation, text="Avant le 30 juin.", by=manager, seen=0)
    send()
    receive(account=conversation.account, items=[given(conversation, timedelta(0))])
    assert [answer.was_found for answer in Answer.objects.all()] == [False]


@pytest.mark.longer
def test_one_taken_for_a_colleague_s_becomes_ours_with_its_name(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer = answer_conversation(conversation=conversation, text="Avant le 30 juin.", by=manager, seen=0)
    receive(account=conversation.account, items=[given(conversation)])
    Answer.objects.filter(pk=answer.pk).update(known=Answer.objects.latest("pk").pk)
    sending.answers = [lambda _draft, _key: PostRef("ours-there")]
    send()
    assert [one.was_found for one in Answer.objects.all()] == [False]


@pytest.mark.longer
def test_what_a_colleague_answered_meanwhile_asks_for_a_second_yes(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    receive(account=conversation.account, items=[given(conversation)])
    send()
    delivery = Delivery.objects.get()
    assert (sending.calls, delivery.state, delivery.problem_code) == ([], "failed", "answered_there")
    conversation.refresh_from_db()
    assert conversation.state == "answered"
    assert any("on the network itself" in str(one.detail) for one in waiting_for(manager))
    send_again(answer=answer, by=manager, seen=Answer.objects.latest("pk").pk)
    Delivery.objects.update(due_at=conversation.clock_started_at)
    send()
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


@pytest.mark.longer
def test_a_yes_to_one_answer_is_none_to_the_next(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    receive(account=conversation.account, items=[given(conversation)])
    send()
    send_again(answer=answer, by=manager, seen=Answer.objects.latest("pk").pk)
    receive(account=conversation.account, items=[given(conversation, 2 * HOUR, id="another")])
    Delivery.objects.update(due_at=conversation.clock_started_at)
    send()
    assert (sending.calls, Delivery.objects.get().problem_code) == ([], "answered_there")


@pytest.mark.longer
def test_an_answer_to_an_earlier_message_holds_nothing(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    """It was given before the message that is answered now."""
    MentionFactory.create(conversation=conversation, remote_id="next", sent_at=conversation.last_mention_at + 2 * HOUR)
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    receive(account=conversation.account, items=[given(conversation)])
    send()
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


@pytest.mark.longer
def test_whoever_writes_meanwhile_is_told(conversation: Conversation, manager: Person, client: Client) -> None:
    receive(account=conversation.account, items=[given(conversation)])
    with pytest.raises(Conflict):
        answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    client.force_login(manager)
    page = reverse("conversations:answer", args=[conversation.pk])
    shown = client.post(page, {"text": "Oui.", "seen": "0"})
    assert shown.status_code == 409
    assert "A colleague (on the network itself) answered while you were writing." in " ".join(
        shown.content.decode().split()
    )


@pytest.mark.longer
def test_the_thread_shows_it_with_its_time_and_its_place(
    conversation: Conversation, manager: Person, client: Client
) -> None:
    receive(account=conversation.account, items=[given(conversation)])
    client.force_login(manager)
    shown = client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()
    assert "Avant le 30 juin." in shown
    assert "Answered on the network itself, not through Parvis" in shown
    assert 'href="https://mastodon.example/@fin/ours-there"' in shown
    told = client.get(f"/api/v1/conversations/{conversation.pk}/").json()
    [answer] = told["answers"]
    assert (answer["answer"]["author"], answer["answer"]["was_found"], answer["state"]) == (None, True, "published")
    assert answer["url"] == "https://mastodon.example/@fin/ours-there"


def test_the_inbox_counts_it_as_answered(conversation: Conversation, manager: Person) -> None:
    def counts() -> list[int]:
        return [inbox_page(manager, InboxFilter(show=show)).count for show in ("open", "unassigned", "answered")]

    assert counts() == [1, 1, 0]
    receive(account=conversation.account, items=[given(conversation)])
    assert counts() == [0, 0, 1]


def test_it_is_found_by_its_words(conversation: Conversation, manager: Person) -> None:
    receive(account=conversation.account, items=[given(conversation, text="Avant le 15 juillet.")])
    assert inbox_page(manager, InboxFilter(show="all", words="juillet")).count == 1


@pytest.mark.parametrize(
    ("network", "text", "answered"),
    [
        ("youtube", "@bea Le 15 juillet.", "bea"),
        ("youtube", "Le 15 juillet.", "their-author"),
        ("mastodon", "@bea @al Le 15 juillet.", "their-author"),
    ],
)
def test_where_threads_are_flat_an_answer_begins_with_whom_it_is_for(
    conversation: Conversation, network: str, text: str, answered: str
) -> None:
    Account.objects.update(network=network)
    account = Account.objects.get()
    Conversation.objects.update(author_id="their-author", author_handle="al")
    beside = ConversationFactory.create(account=account, root_id=conversation.root_id, author_id="bea")
    MentionFactory.create(conversation=beside, remote_id="beside")
    conversation.refresh_from_db()
    receive(account=account, items=[given(conversation, text=text)])
    assert Answer.objects.get().conversation.author_id == answered


def test_a_reopened_conversation_stays_open_while_its_answer_asks_again(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    """Nobody took a question away."""
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    receive(account=conversation.account, items=[given(conversation)])
    Conversation.objects.update(state="new", answered_at=None)
    send()
    conversation.refresh_from_db()
    assert (conversation.state, Delivery.objects.get().problem_code) == ("new", "answered_there")


@pytest.mark.longer
def test_a_yes_is_to_what_its_page_showed(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, client: Client
) -> None:
    """One more was given between the page and the yes."""
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    receive(account=conversation.account, items=[given(conversation)])
    send()
    client.force_login(manager)
    page = reverse("conversations:conversation", args=[conversation.pk])
    [yes] = re.findall(r'action="([^"]+/again/[^"]*)"', client.get(page).content.decode())
    receive(account=conversation.account, items=[given(conversation, 2 * HOUR, id="another")])
    assert client.post(yes).status_code == 409
    assert Delivery.objects.get().problem_code == "answered_there"
    [yes] = re.findall(r'action="([^"]+/again/[^"]*)"', client.get(page).content.decode())
    assert client.post(yes).status_code == 302
    assert Delivery.objects.get().state == DeliveryState.DUE


def beside(conversation: Conversation, **facts: Any) -> Conversation:
    """Another citizen in the same thread, on a network where answers to an answer stand beside it."""
    Account.objects.update(network="facebook")
    told = {"account": Account.objects.get(), "root_id": conversation.root_id, "author_id": "bea", **facts}
    other = ConversationFactory.create(**told)
    MentionFactory.create(conversation=other, remote_id="beside")
    conversation.refresh_from_db()
    return other


@pytest.mark.parametrize(
    ("name", "text", "answered"),
    [
        ("Bonjour", "Bonjour, avant le 30 juin.", "first"),
        ("Bea Bon", "Bea Bonnet avant le 30 juin.", "first"),
        ("Bea Bon", "Bea Bon, avant le 30 juin.", "second"),
        ("Bea", "@Bea avant le 30 juin.", "second"),
        ("Al Aa", "Al Aa, avant le 30 juin.", "first"),
    ],
)
def test_nobody_takes_an_answer_by_calling_themselves_as_it_begins(
    conversation: Conversation, name: str, text: str, answered: str
) -> None:
    Conversation.objects.update(author_name="Al Aa", author_handle="")
    other = beside(conversation, author_name=name, author_handle="")
    receive(account=conversation.account, items=[given(conversation, text=text)])
    assert Answer.objects.get().conversation == {"first": conversation, "second": other}[answered]


def test_where_two_bear_the_name_nobody_is_taken_to_be_answered(conversation: Conversation) -> None:
    beside(conversation, author_name="Bea Bon")
    ConversationFactory.create(
        account=conversation.account, root_id=conversation.root_id, author_id="copy", author_name="Bea Bon"
    )
    receive(account=conversation.account, items=[given(conversation, text="Bea Bon, le 30 juin.")])
    assert not Answer.objects.exists()


def test_an_answer_stays_with_whom_it_was_for_whatever_they_are_called_since(conversation: Conversation) -> None:
    """A look back tells of it once more: it must not stop the clock of somebody beside them."""
    other = beside(conversation, author_name="Bea Bon", author_handle="")
    told = given(conversation, text="Bea Bon, avant le 30 juin.")
    receive(account=conversation.account, items=[told])
    Conversation.objects.filter(pk=other.pk).update(author_name="Somebody Else")
    receive(account=conversation.account, items=[told])
    conversation.refresh_from_db()
    assert (Answer.objects.get().conversation, conversation.state) == (other, "new")


@pytest.mark.longer
def test_one_on_its_way_below_somebody_is_taken_up_for_nobody_beside_them(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    other = beside(conversation, author_name="Bea Bon", author_handle="")

    def write(_draft: Draft, _key: Any) -> PostRef:
        receive(account=conversation.account, items=[given(conversation, text="Bea Bon a raison.")])
        return PostRef("ours-there")

    sending.answers = [write]
    answer_conversation(conversation=conversation, text="Bea Bon a raison.", by=manager, seen=0)
    send()
    other.refresh_from_db()
    assert ([one.was_found for one in Answer.objects.all()], other.state) == ([False], "new")


def test_a_citizen_who_was_forgotten_does_not_come_back_with_an_answer(conversation: Conversation) -> None:
    """They took all away that they wrote; the network goes on telling of what we answered them there."""
    Conversation.objects.update(author_handle="al", author_name="Al Aa")
    told = given(conversation, text="@al Avant le 30 juin.")
    receive(account=conversation.account, items=[told])
    mentions = list(Mention.objects.all())
    Mention.objects.update(gone_at=conversation.last_mention_at)
    forget_deleted(mentions)
    later = given(conversation, 2 * HOUR, id="another", text="Al Aa, @al: et sur papier.")
    receive(account=conversation.account, items=[told, later])
    assert [one.text for one in Answer.objects.order_by("written_at")] == ["@… Avant le 30 juin.", ""]
