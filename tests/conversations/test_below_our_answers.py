"""What a citizen writes below an answer that a colleague gave on the network goes on in the conversation of the
question, also where both are told at once and the answer is known to nobody yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from accounts_registry.models import Account
from conversations.models import Answer, Conversation, InboundMessage
from conversations.schedule import response_deadline
from monitoring.actions.receiving import receive
from monitoring.models import Mention
from networks.types import Incoming, Kind, PostRef
from organisation.models import AuditEvent
from organisation.queries import calendar_of
from tests.factories.monitoring import incoming
from tests.monitoring.network import FakeNetwork
from tests.monitoring.test_streams import turn
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db
BEGAN = datetime.fromisoformat("2026-11-16T09:00:00+00:00")
HOUR = timedelta(hours=1)

ORDERS = list(permutations(range(4)))


def asked(hours: int = 0, below: str = "", **facts: object) -> Incoming:
    told = {"id": f"asked-{hours}", "author": "citizen", "parent": PostRef(below) if below else None}
    return incoming(1, **{**told, "created_at": BEGAN + hours * HOUR, **facts})


def ours(account: Account, hours: int, below: str) -> Incoming:
    told = {"id": f"ours-{hours}", "author": account.remote_id, "parent": PostRef(below), "kind": Kind.ANSWER}
    return incoming(2, **told, created_at=BEGAN + hours * HOUR)


def threads() -> dict[str, list[str]]:
    """Conversations by the first message of their thread, with the messages in them."""
    said = InboundMessage.objects.order_by("sent_at").values_list("conversation__root_id", "mention__item__remote_id")
    found: dict[str, list[str]] = {}
    for root, name in said:
        found.setdefault(root, []).append(name)
    return found


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_question_answer_and_reply_on_one_page_are_one_conversation(account: Account, order: tuple[int, ...]) -> None:
    page = [asked(), ours(account, 1, "asked-0"), asked(2, "ours-1")]
    receive(account=account, items=[page[number] for number in order])
    assert threads() == {"asked-0": ["asked-0", "asked-2"]}
    found = Conversation.objects.get()
    due = response_deadline(category="", asked_at=BEGAN + 2 * HOUR, calendar=calendar_of(found.unit))
    assert (found.state, found.clock_started_at, found.deadline) == ("new", BEGAN + 2 * HOUR, due)
    assert (found.last_mention_at, Answer.objects.get().written_at) == (BEGAN + 2 * HOUR, BEGAN + HOUR)


@pytest.mark.parametrize("is_answered_before", [False, True])
@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_reply_that_comes_with_the_answer_goes_on_in_the_conversation_that_is_there(
    account: Account, order: tuple[int, ...], is_answered_before: bool
) -> None:
    receive(account=account, items=[asked()])
    if is_answered_before:
        receive(account=account, items=[ours(account, 1, "asked-0")])
        assert Conversation.objects.get().state == "answered"
    page = [ours(account, 2, "asked-0"), asked(3, "ours-2")]
    receive(account=account, items=[page[number] for number in order])
    found = Conversation.objects.get()
    assert (found.state, found.clock_started_at, found.answered_at) == ("new", BEGAN + 3 * HOUR, None)
    assert threads() == {"asked-0": ["asked-0", "asked-3"]}


@pytest.mark.parametrize("order", thorough_after(5, [*ORDERS[::5], *(one for one in ORDERS if one not in ORDERS[::5])]))
def test_what_is_answered_once_more_on_the_same_page_is_answered(account: Account, order: tuple[int, ...]) -> None:
    page = [asked(), ours(account, 1, "asked-0"), asked(2, "ours-1"), ours(account, 3, "asked-2")]
    receive(account=account, items=[page[number] for number in order])
    found = Conversation.objects.get()
    assert (found.state, found.answered_at) == ("answered", BEGAN + 3 * HOUR)
    assert (threads(), Answer.objects.count()) == ({"asked-0": ["asked-0", "asked-2"]}, 2)
    verbs = AuditEvent.objects.filter(verb__in=("conversation.received", "conversation.answer"))
    assert verbs.count() == 2


def test_below_the_second_part_of_an_answer_too_and_whoever_else_writes_has_their_own(account: Account) -> None:
    second, other = ours(account, 2, "ours-1"), asked(4, "ours-2", author="somebody else")
    receive(account=account, items=[asked(), ours(account, 1, "asked-0"), second, asked(3, "ours-2"), other])
    said = InboundMessage.objects.values_list("conversation__author_id", "mention__item__remote_id")
    assert sorted(said) == [("citizen", "asked-0"), ("citizen", "asked-3"), ("somebody else", "asked-4")]
    assert set(Conversation.objects.values_list("root_id", flat=True)) == {"asked-0"}


def test_a_reply_that_says_it_is_older_than_what_it_answers_is_in_its_thread(account: Account) -> None:
    """Servers have clocks of their own."""
    early = asked(0, "ours-1", id="early", created_at=BEGAN - HOUR)
    receive(account=account, items=[early, asked(), ours(account, 1, "asked-0")])
    assert threads() == {"asked-0": ["early", "asked-0"]}
    assert Conversation.objects.get().state == "answered"


def test_below_what_answers_nobody_a_thread_begins_and_goes_on(account: Account) -> None:
    """Our own comment below our own post: it is kept nowhere, so that a later message finds no more than it names."""
    receive(account=account, items=[asked(1, "ours-0"), ours(account, 0, "our-post")])
    receive(account=account, items=[asked(2, "ours-0"), asked(3, "asked-1")])
    assert threads() == {"ours-0": ["asked-1", "asked-2", "asked-3"]}


def test_who_answer_each_other_in_a_circle_end_the_search(account: Account) -> None:
    receive(account=account, items=[asked(1, "asked-2"), asked(2, "asked-1"), ours(account, 3, "ours-3")])
    receive(account=account, items=[asked(4, "ours-5"), ours(account, 5, "ours-6"), ours(account, 6, "ours-5")])
    assert Mention.objects.count() == 3


@pytest.mark.longer
def test_a_reading_through_the_port_keeps_them_together(account: Account, network: FakeNetwork) -> None:
    """Newest first, in pages of two: what belongs together comes on several of them."""
    network.page = 2
    asked_, told = asked(), [ours(account, 1, "asked-0"), asked(2, "ours-1"), ours(account, 3, "asked-2")]
    network.messages = [asked_]
    turn()
    network.messages += [*told, asked(4, "ours-3")]
    turn()
    assert threads() == {"asked-0": ["asked-0", "asked-2", "asked-4"]}
    found = Conversation.objects.get()
    assert (found.state, found.clock_started_at) == ("new", BEGAN + 4 * HOUR)
    assert Answer.objects.count() == 2
