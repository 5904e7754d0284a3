"""What becomes of an answer that waits when its question is not what it was."""

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
from conversations.actions import answer_conversation
from conversations.models import Answer, Conversation
from conversations.queries import audience_of_answer, waiting_for
from conversations.schedule import response_deadline
from delivery.content import freeze
from delivery.enums import DeliveryState, Trouble
from delivery.models import Delivery
from monitoring.actions import check_mentions
from monitoring.actions.receiving import receive
from monitoring.models import Item, Mention, Stream
from networks import catalogue
from networks.errors import Gone, Withheld
from networks.types import Audience, Draft, PostRef
from organisation.models import AuditEvent, Person
from organisation.queries import calendar_of
from tests.conversations.test_answering import AnsweringNetwork, conversation, send, sending
from tests.factories.conversations import AnswerFactory, MentionFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.monitoring import incoming
from tests.monitoring.network import FakeNetwork
from tests.thorough import thorough_but, thorough_pairs

__all__ = ["conversation", "sending"]


@pytest.mark.parametrize(
    "state", thorough_but([DeliveryState.DUE, DeliveryState.FAILED, DeliveryState.EXPIRED], DeliveryState.DUE)
)
@pytest.mark.parametrize(
    ("network", "change"),
    thorough_pairs(
        [key for key, one in catalogue.NETWORKS.items() if one.capabilities.replies],
        [{"audience": Audience.FOLLOWERS}, {"text": "Puis-je ne rien payer ?"}],
    ),
)
def test_an_answer_that_waits_ends_with_the_question_it_was_for(
    conversation: Conversation,
    manager: Person,
    sending: AnsweringNetwork,
    network: str,
    state: str,
    change: dict[str, Any],
) -> None:
    """The citizen narrows the message, or writes another question in its place; one more word does not open it."""
    Account.objects.update(network=network)
    question = conversation.mentions.get()
    answer = AnswerFactory.create(conversation=conversation, mention=question, author=manager, text="@a Oui.")
    content, digest = freeze(
        {"text": "Oui.", "language": "fr", "audience": "public", "reply_to": {"id": "their-post", "url": "", "cid": ""}}
    )
    Answer.objects.update(content_hash=digest)
    facts = {"origin_kind": "answer", "origin_id": answer.pk, "scheduled_by": manager, "state": state}
    delivery = DeliveryFactory.create(account=conversation.account, content=content, content_hash=digest, **facts)
    same = {"id": "their-post", "author": conversation.author_id, "text": question.text}

    receive(account=conversation.account, items=[incoming(1, **{**same, "language": "nl"})])
    delivery.refresh_from_db()
    assert delivery.state == state

    receive(account=conversation.account, items=[incoming(1, **{**same, **change})])
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.ASKED_OTHERWISE)
    send()
    assert sending.calls == []


@pytest.mark.parametrize("before", ["", "Argent"])
@pytest.mark.parametrize("moment", ["heard", "claim", "write"])
def test_an_answer_stands_behind_the_warning_that_its_question_has_by_now(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, before: str, moment: str
) -> None:
    """The citizen sets a warning before the message, or another one; one taken away again does no harm."""
    question = conversation.mentions.get()
    same = {"id": "their-post", "author": conversation.author_id, "text": question.text}
    Item.objects.update(warning=before)
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    wanted = []

    def write(_draft: Draft, key: Any) -> None:
        Item.objects.update(warning="Dettes")
        wanted.append(key.still_wanted())
        raise Withheld

    sending.answers = [write]
    if moment == "heard":
        receive(account=conversation.account, items=[incoming(1, **{**same, "warning": "Dettes"})])
    elif moment == "claim":
        Item.objects.update(warning="Dettes")
    send()
    assert wanted == ([False] if moment == "write" else [])
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.ASKED_OTHERWISE)


@pytest.mark.longer
def test_a_warning_that_is_taken_away_holds_no_answer(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    question = conversation.mentions.get()
    Item.objects.update(warning="Argent")
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    same = {"id": "their-post", "author": conversation.author_id, "text": question.text}
    receive(account=conversation.account, items=[incoming(1, **{**same, "warning": ""})])
    send()
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


@pytest.mark.longer
@pytest.mark.parametrize("moment", ["claim", "write"])
def test_a_question_narrowed_at_the_last_moment_is_answered_to_nobody_else(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, moment: str
) -> None:
    """Written past the room's own acts: the claim looks for itself, and so does the look before the write."""
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    wanted = []

    def write(_draft: Draft, key: Any) -> None:
        Item.objects.update(audience="followers")
        wanted.append(key.still_wanted())
        raise Withheld

    sending.answers = [write]
    if moment == "claim":
        Item.objects.update(audience="followers")
    send()
    assert wanted == ([] if moment == "claim" else [False])
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.ASKED_OTHERWISE)


@pytest.mark.longer
def test_a_later_message_for_few_does_not_hold_the_answer_to_a_public_one(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    later = timezone.now() + timedelta(minutes=1)
    MentionFactory.create(conversation=conversation, remote_id="second", audience="direct", sent_at=later)
    send()
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


@pytest.mark.parametrize("how", ["told late", "narrowed"])
@pytest.mark.parametrize("moment", ["heard", "claim", "write"])
def test_an_answer_ends_with_an_earlier_message_that_turns_out_to_be_for_few(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, moment: str, how: str
) -> None:
    """The citizen wrote it before what is answered, and nobody has answered it yet. The reason that is told is true."""
    earlier = conversation.last_mention_at - timedelta(minutes=1)
    facts = {"id": "earlier", "author": conversation.author_id, "text": "Entre nous"}
    told = {**facts, "created_at": earlier, "root": PostRef(conversation.root_id), "audience": Audience.DIRECT}
    if how == "narrowed":
        MentionFactory.create(conversation=conversation, remote_id="earlier", text="Entre nous", sent_at=earlier)
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    wanted = []

    def happens() -> None:
        if moment == "heard":
            receive(account=conversation.account, items=[incoming(1, **told)])
        elif how == "narrowed":
            Item.objects.filter(remote_id="earlier").update(audience="direct")
        else:
            MentionFactory.create(conversation=conversation, remote_id="earlier", audience="direct", sent_at=earlier)

    def write(_draft: Draft, key: Any) -> None:
        happens()
        wanted.append(key.still_wanted())
        raise Withheld

    sending.answers = [write]
    if moment != "write":
        happens()
    assert (Delivery.objects.get().state == DeliveryState.CANCELLED) is (moment == "heard")
    send()
    assert wanted == ([False] if moment == "write" else [])
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.ASKED_OTHERWISE)


@pytest.mark.longer
def test_a_message_told_after_the_answer_to_a_later_one_still_waits_for_an_answer(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    """It was written before what has been answered: whoever answered did not know of it, so it narrows the next one."""
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    earlier, later = (conversation.last_mention_at + timedelta(minutes=apart) for apart in (-1, 1))
    MentionFactory.create(conversation=conversation, remote_id="earlier", audience="direct", sent_at=earlier)
    MentionFactory.create(conversation=conversation, remote_id="later", sent_at=later)
    assert audience_of_answer(conversation) is Audience.DIRECT
    answer_conversation(
        conversation=conversation, text=f"@{conversation.author_handle} Oui.", by=manager, seen=Answer.objects.get().pk
    )
    send()
    later = later + timedelta(minutes=1)
    MentionFactory.create(conversation=conversation, remote_id="last", sent_at=later)
    assert audience_of_answer(conversation) is Audience.PUBLIC


@pytest.mark.parametrize("moment", ["claim", "write"])
def test_what_a_citizen_takes_back_at_the_last_moment_is_not_answered(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, moment: str
) -> None:
    """Also where an earlier message of theirs still stands there."""
    earlier = conversation.last_mention_at - timedelta(minutes=1)
    MentionFactory.create(conversation=conversation, remote_id="earlier", sent_at=earlier)
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    wanted = []

    def write(_draft: Draft, key: Any) -> None:
        Mention.objects.filter(pk=answer.mention_id).update(gone_at=timezone.now())
        wanted.append(key.still_wanted())
        raise Withheld

    sending.answers = [write]
    if moment == "claim":
        Mention.objects.filter(pk=answer.mention_id).update(gone_at=timezone.now())
    send()
    assert wanted == ([False] if moment == "write" else [])
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.GONE)


# ---- Looked at again, and what then is owed --------------------------------------------------------------------------
LONG_AGO = timedelta(minutes=11)


def opened(client: Client, manager: Person, conversation: Conversation) -> str:
    client.force_login(manager)
    return client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()


def looked_at(mention: Mention, ago: timedelta) -> None:
    every = timedelta(days=catalogue.network(mention.account.network).capabilities.recheck_days)
    Mention.objects.filter(pk=mention.pk).update(check_at=timezone.now() - ago + every)


@pytest.mark.longer
@pytest.mark.parametrize(
    ("ago", "state", "asks"), [(LONG_AGO, "new", True), (LONG_AGO * 0, "new", False), (LONG_AGO, "closed", False)]
)
def test_who_opens_a_conversation_has_it_looked_at_again(
    conversation: Conversation, manager: Person, client: Client, ago: timedelta, state: str, asks: bool
) -> None:
    Conversation.objects.update(state=state)
    stream = Stream.objects.create(
        kind="inbox", account=conversation.account, next_pull_at=timezone.now() + timedelta(hours=1)
    )
    looked_at(conversation.mentions.get(), ago)
    opened(client, manager, conversation)
    stream.refresh_from_db()
    assert (conversation.mentions.get().check_at <= timezone.now()) is asks
    assert (stream.next_pull_at <= timezone.now()) is asks


@pytest.mark.longer
@pytest.mark.parametrize(("ago", "asks"), [(LONG_AGO, False), (timedelta(minutes=61), True)])
def test_where_a_look_costs_money_the_latest_message_alone_is_looked_at_once_an_hour(
    conversation: Conversation, manager: Person, client: Client, ago: timedelta, asks: bool
) -> None:
    """The page says when that was."""
    Account.objects.update(network="x")
    earlier = conversation.last_mention_at - timedelta(minutes=1)
    first = MentionFactory.create(conversation=conversation, remote_id="earlier", sent_at=earlier)
    latest = conversation.mentions.latest("sent_at")
    Mention.objects.update(received_at=timezone.now() - timedelta(days=2))
    for mention in (first, latest):
        looked_at(mention, ago)
    before = " ".join(opened(client, manager, conversation).split())
    assert "Looked at on the network" in before
    latest.refresh_from_db()
    first.refresh_from_db()
    assert (latest.check_at <= timezone.now(), first.check_at <= timezone.now()) == (asks, False)
    assert (latest.looked_at is None) is asks
    again = " ".join(opened(client, manager, conversation).split())
    assert ("Parvis is looking again" in again) is asks


@pytest.mark.longer
@pytest.mark.parametrize("what", ["gone", "changed", "narrowed", "as it was"])
def test_the_question_is_looked_at_once_more_before_its_answer_goes_out(
    conversation: Conversation, manager: Person, client: Client, sending: AnsweringNetwork, what: str
) -> None:
    same = incoming(1, id="their-post", author=conversation.author_id, text=conversation.mentions.get().text)
    now = {"changed": {"text": "Et mon épouse ?"}, "narrowed": {"audience": Audience.DIRECT}}.get(what, {})
    sending.shown = {"their-post": None if what == "gone" else replace(same, **now)}
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    delivery = Delivery.objects.get()
    if what == "as it was":
        assert (len(sending.calls), delivery.state) == (1, DeliveryState.PUBLISHED)
        return
    expected = Trouble.GONE if what == "gone" else Trouble.ASKED_OTHERWISE
    assert (sending.calls, delivery.state, delivery.problem_code) == ([], DeliveryState.CANCELLED, expected)
    shown = " ".join(opened(client, manager, conversation).split())
    if what == "changed":  # both texts before whoever wrote the answer, who is told
        assert "Et mon épouse ?" in shown
        assert re.search(r"<textarea[^>]*> ?Oui\.</textarea>", shown)
        assert any("has changed the message" in str(one.detail) for one in waiting_for(manager))
    if what == "gone":
        conversation.refresh_from_db()
        assert (conversation.state, conversation.deadline) == ("closed", None)


def test_where_a_look_costs_money_the_answer_goes_out_without_one(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.actions.checking.costs", lambda account: True)
    sending.shown = {"their-post": None}
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


@pytest.mark.longer
def test_a_question_that_was_taken_away_owes_no_answer(
    conversation: Conversation, manager: Person, client: Client
) -> None:
    Mention.objects.update(check_at=timezone.now())
    check_mentions(account=conversation.account, connector=FakeNetwork())
    conversation.refresh_from_db()
    assert (conversation.state, conversation.deadline, conversation.is_late) == ("closed", None, False)
    assert AuditEvent.objects.filter(verb="conversation.lapse").count() == 1
    shown = opened(client, manager, conversation)
    assert "The citizen deleted this message on the network." in " ".join(shown.split())
    assert "no answer is owed" in shown


def test_of_two_questions_the_one_that_stands_has_the_clock(conversation: Conversation, manager: Person) -> None:
    first = conversation.mentions.get()
    later = first.sent_at + timedelta(hours=3)
    second = MentionFactory.create(conversation=conversation, sent_at=later)
    Mention.objects.filter(pk=first.pk).update(check_at=timezone.now())
    check_mentions(account=conversation.account, connector=FakeNetwork())
    conversation.refresh_from_db()
    assert (conversation.state, conversation.clock_started_at) == ("new", second.sent_at)
    due = response_deadline(category="", asked_at=later, calendar=calendar_of(conversation.unit))
    assert conversation.deadline == due


@pytest.mark.longer
def test_what_was_asked_while_the_answer_was_on_its_way_stays_owed_whatever_else_is_taken_away(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    first = conversation.mentions.get()
    answer = answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    second = MentionFactory.create(conversation=conversation, sent_at=answer.written_at + timedelta(milliseconds=1))
    send()
    Mention.objects.filter(pk=first.pk).update(check_at=timezone.now())
    check_mentions(account=conversation.account, connector=FakeNetwork())
    conversation.refresh_from_db()
    assert (conversation.state, conversation.clock_started_at) == ("new", second.sent_at)


@pytest.mark.longer
def test_an_answer_that_is_on_its_way_decides_what_becomes_of_it(
    conversation: Conversation, manager: Person, sending: AnsweringNetwork
) -> None:
    """The citizen takes the question away while the answer leaves: the network refuses it, and nothing is owed."""

    def away(_draft: Draft, _key: Any) -> None:
        Mention.objects.update(check_at=timezone.now())
        check_mentions(account=conversation.account, connector=FakeNetwork())
        conversation.refresh_from_db()
        meanwhile.append(conversation.state)
        raise Gone

    meanwhile: list[str] = []
    sending.answers = [away]
    answer_conversation(conversation=conversation, text="Oui.", by=manager, seen=0)
    send()
    conversation.refresh_from_db()
    assert (meanwhile, conversation.state, conversation.deadline) == (["new"], "closed", None)
