"""What was taken for an answer that a colleague gave on the network itself, and belongs elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conversations.actions import answer_conversation, taking_up
from conversations.actions.taking_up import take_up_answers
from conversations.models import Answer, Conversation
from conversations.schedule import response_deadline
from monitoring.actions.receiving import receive
from networks.types import PostRef
from organisation.models import Person
from organisation.queries import calendar_of
from tests.conversations.test_answered_there import beside, given
from tests.conversations.test_answering import AnsweringNetwork, conversation, send, sending
from tests.factories.conversations import AnswerFactory
from tests.factories.monitoring import incoming

__all__ = ["conversation", "sending"]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("state", ["new", "answered", "closed"])
def test_one_taken_for_the_answer_to_somebody_else_leaves_them_owed_theirs(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, state: str
) -> None:
    """Ours stood below somebody else, where the network sets answers beside each other: what it stopped runs again."""
    other = beside(conversation, author_name="Bea Bon", author_handle="")
    asked = other.mentions.order_by("sent_at").first()
    assert asked is not None
    facts = {"mention": asked, "remote_id": "ours-there", "published_at": asked.sent_at + HOUR}
    AnswerFactory.create(conversation=other, author=None, written_at=asked.sent_at + HOUR, **facts)
    kept = {"state": state, "answered_at": None if state == "new" else asked.sent_at + HOUR}
    Conversation.objects.filter(pk=other.pk).update(**kept, clock_started_at=asked.sent_at + 2 * HOUR)
    sending.answers = [PostRef("ours-there")]
    answer_conversation(conversation=conversation, text="Avant le 30 juin.", by=manager, seen=0)
    send()
    other.refresh_from_db()
    assert [one.was_found for one in Answer.objects.all()] == [False]
    if state == "closed":
        assert other.state == "closed"
        return
    assert (other.state, other.answered_at, other.clock_started_at) == ("new", None, asked.sent_at)
    due = response_deadline(category="", asked_at=asked.sent_at, calendar=calendar_of(other.unit))
    assert other.deadline == due
    conversation.refresh_from_db()
    assert conversation.state == "answered"


@pytest.mark.longer
def test_one_that_comes_to_be_ours_while_the_thread_is_waited_for_is_not_taken_up(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was on its way when the reader asked which are ours, and is on the network once it has the conversation."""
    sending.answers = [PostRef("ours-there")]
    answer_conversation(conversation=conversation, text="Avant le 30 juin.", by=manager, seen=0)
    locked = taking_up._locked

    def after_a_wait(pks: Any) -> dict[int, Conversation]:
        send()
        return locked(pks)

    monkeypatch.setattr(taking_up, "_locked", after_a_wait)
    take_up_answers(account=conversation.account, told=[given(conversation)])
    assert [one.was_found for one in Answer.objects.all()] == [False]


def test_whoever_writes_below_a_colleague_s_answer_goes_on_with_their_conversation(conversation: Conversation) -> None:
    """On a network that does not tell where a thread begins."""
    first = incoming(6, id="first", author="their-id", root=None, parent=None)
    receive(account=conversation.account, items=[first])
    asked = Conversation.objects.get(author_id="their-id")
    receive(account=asked.account, items=[given(asked, parent=PostRef("first"))])
    thanks = {"author": "their-id", "root": None, "parent": PostRef("ours-there")}
    receive(account=asked.account, items=[incoming(7, id="thanks", created_at=first.created_at + 2 * HOUR, **thanks)])
    assert asked.mentions.count() == 2
