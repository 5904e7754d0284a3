"""Just before an answer is written, its network is asked what a colleague answered there meanwhile."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now

from conversations.actions import answer_conversation
from conversations.models import Answer, Conversation
from delivery.models import Delivery
from networks.types import Incoming, PostRef
from organisation.models import Person
from tests.conversations.test_answered_there import given
from tests.conversations.test_answering import AnsweringNetwork, conversation, send, sending
from tests.factories.monitoring import incoming

__all__ = ["conversation", "sending"]


def asked(conversation: Conversation) -> Incoming:
    """The question as the network shows it, unchanged."""
    return incoming(1, id="their-post", author=conversation.author_id, text=conversation.mentions.get().text)


@pytest.mark.longer
def test_what_a_colleague_answered_this_very_minute_is_asked_for_before_the_write(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    """No reading has told of it yet: the look at the question does, while the answer is in the worker's hands."""
    sending.shown = {"their-post": asked(conversation)}
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    sending.given = [given(conversation)]
    send()
    send()
    delivery = Delivery.objects.get()
    assert (sending.calls, delivery.state, delivery.problem_code) == ([], "failed", "answered_there")
    found = Answer.objects.get(author=None)
    assert (found.remote_id, found.text) == ("ours-there", "Avant le 30 juin.")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.answered_at) == ("answered", found.published_at)


def test_another_answer_in_a_worker_s_hands_may_be_the_one_that_is_found(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    sending.shown = {"their-post": asked(conversation)}
    first = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    Delivery.objects.filter(origin_id=first.pk).update(state="unknown", unknown_at=Now())
    answer_conversation(conversation=conversation, text="Non.", by=manager, seen=first.pk)
    sending.given = [given(conversation)]
    sending.answers = [lambda _draft, _key: PostRef("second-there")]
    send()
    assert not Answer.objects.filter(author=None).exists()
    assert Delivery.objects.get(state="published").remote_id == "second-there"
