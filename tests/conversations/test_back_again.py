"""A message that was gone from its network for a while and stands there again: shown, found, and owed an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from conversations.actions import answer_conversation, close_conversation
from conversations.models import Conversation, InboundMessage
from conversations.queries import InboxFilter, inbox_page
from monitoring.actions import check_mentions
from monitoring.actions.checking import look_now
from monitoring.actions.picturing import ask_for_pictures
from monitoring.actions.receiving import receive
from monitoring.models import Entry, Item, Mention, Picture
from networks.types import Attachment, Author, Incoming, Kind, Poll, PostRef
from organisation.models import AuditEvent, Person
from tests.conversations.test_answering import AnsweringNetwork, send, sending
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.monitoring import incoming
from tests.monitoring.network import FakeNetwork
from tests.thorough import thorough_pairs

__all__ = ["sending"]
pytestmark = pytest.mark.django_db
PICTURE = Attachment(kind="picture", url="https://mastodon.example/m.png", alt="Un formulaire")
POLL = Poll(("Oui", "Non"), (3, 4), None)
ASKED = incoming(
    1, author="citizen", name="Bram Claes", text="Quand ?", warning="Impôts", attachments=(PICTURE,), poll=POLL
)


def looked(account: Account, *shown: Incoming) -> None:
    """Every message that is due is looked at, on a network where these stand."""
    Mention.objects.filter(gone_at__isnull=True).update(check_at=Now())
    check_mentions(account=account, connector=FakeNetwork(messages=list(shown)))


def told(account: Account, one: Incoming) -> None:
    receive(account=account, items=[one])


def looked_up(account: Account, one: Incoming) -> None:
    """As just before the write of an answer, by somebody who read the message while it stood."""
    mention = Mention.objects.select_related("item", "account").get(account=account, item__remote_id=one.ref.id)
    look_now(mention=mention, connector=FakeNetwork(messages=[one]))


Way = Callable[[Account, Incoming], None]
by_every_way = pytest.mark.parametrize("comes_back", [told, looked_up])


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("comes_back", "network"),
    thorough_pairs([told, looked_up], ["mastodon", "bluesky", "facebook", "x", "youtube", "linkedin"]),
)
def test_what_stands_again_is_as_it_was(comes_back: Way, network: str, manager: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("monitoring.actions.checking.costs", lambda account: False)
    monkeypatch.setattr("monitoring.actions.checking.require_reading", lambda account, at: None)
    account = ConnectedAccountFactory.create(unit=manager.unit, network=network)
    receive(account=account, items=[ASKED])
    before = Conversation.objects.get()
    looked(account)
    gone = Conversation.objects.get()
    assert (gone.state, gone.deadline, gone.author_name, Mention.objects.get().text) == ("closed", None, "", "")
    comes_back(account, ASKED)
    mention, now = Mention.objects.select_related("item").get(), Conversation.objects.get()
    assert (mention.gone_at, mention.text, mention.warning) == (None, "Quand ?", "Impôts")
    assert (mention.choices, mention.votes) == (["Oui", "Non"], [3, 4])
    assert [one["alt"] for one in mention.attachments] == ["Un formulaire"]
    assert mention.item.edited_at is None, "nobody changed it"
    facts = ("state", "deadline", "clock_started_at", "last_mention_at", "author_name", "author_handle", "assigned_to")
    assert [getattr(now, name) for name in facts] == [getattr(before, name) for name in facts]
    found = inbox_page(manager, InboxFilter(words="quand"))
    assert [one.pk for one in found.page.rows] == [now.pk]
    assert verbs()[-4:] == ["mention.gone", "conversation.lapse", "mention.returned", "conversation.return"]


def test_a_list_that_tells_of_what_is_gone_is_believed_once_a_day(account: Account) -> None:
    """Its network says that it is not there whenever that is asked: else it would come and go with each reading."""
    receive(account=account, items=[ASKED])
    for _turn in range(4):
        looked(account)
        told(account, ASKED)
    assert verbs().count("mention.returned") == 1
    assert Mention.objects.get().gone_at is not None
    assert Item.objects.get().text == ""
    Mention.objects.update(returned_at=Now() - timedelta(days=1))
    told(account, ASKED)
    assert Mention.objects.get().gone_at is None


def test_a_look_that_finds_it_is_believed_at_once(account: Account) -> None:
    receive(account=account, items=[ASKED])
    looked(account)
    told(account, ASKED)
    looked(account)
    looked_up(account, ASKED)
    assert Mention.objects.get().gone_at is None


@pytest.mark.longer
def test_the_page_shows_it_and_says_what_became_of_it(account: Account, manager: Person, client: Client) -> None:
    receive(account=account, items=[ASKED])
    looked(account)
    told(account, ASKED)
    client.force_login(manager)
    shown = " ".join(
        client.get(reverse("conversations:conversation", args=[Conversation.objects.get().pk])).text.split()
    )
    assert "Quand ?" in shown
    assert "The citizen deleted this message on the network." not in shown
    assert "is on the network again, so an answer is owed" in shown


@pytest.mark.longer
def test_it_is_looked_at_once_more_and_goes_again_where_it_is_gone(account: Account, monkeypatch: Any) -> None:
    receive(account=account, items=[ASKED])
    looked(account)
    told(account, ASKED)
    check_mentions(account=account, connector=FakeNetwork())  # due at once, with nobody's help
    assert Mention.objects.get().gone_at is not None
    assert Conversation.objects.get().state == "closed"
    monkeypatch.setattr("monitoring.actions.receiving.costs", lambda account: True)
    Mention.objects.update(returned_at=Now() - timedelta(days=1))
    told(account, ASKED)
    assert Mention.objects.get().check_at > timezone.now() + timedelta(hours=1), "where it costs money, in its turn"


@pytest.mark.longer
def test_of_two_questions_the_first_has_the_clock_again(account: Account) -> None:
    second = incoming(2, author="citizen", root=PostRef("status-000001"))
    receive(account=account, items=[replace(ASKED, root=PostRef("status-000001")), second])
    before = Conversation.objects.get()
    looked(account, second)
    assert Conversation.objects.get().clock_started_at == second.created_at
    told(account, ASKED)
    now = Conversation.objects.get()
    assert (now.state, now.clock_started_at, now.deadline) == ("new", ASKED.created_at, before.deadline)
    looked(account, ASKED)  # and the second one, which changes nothing of the first's clock
    told(account, second)
    now = Conversation.objects.get()
    assert (now.clock_started_at, now.deadline) == (ASKED.created_at, before.deadline)


@pytest.mark.longer
def test_no_address_leads_to_what_was_taken_away(account: Account) -> None:
    """On some networks it names who wrote; the API tells it, and so does a copy of the database."""
    receive(account=account, items=[ASKED])
    before = Item.objects.get().url
    assert before
    looked(account)
    assert Item.objects.get().url == ""
    told(account, ASKED)
    assert Item.objects.get().url == before


def test_a_network_that_leaves_out_who_wrote_takes_no_name_away(account: Account) -> None:
    """It is by the name that what they wrote, and what we answered them, is found and erased."""
    second = incoming(2, author="citizen", name="Bram Claes", root=PostRef("status-000001"))
    receive(account=account, items=[replace(ASKED, root=PostRef("status-000001")), second])
    before = Conversation.objects.get()
    looked(account, second)
    told(account, replace(ASKED, author=Author(ASKED.author.id, "")))
    now = Conversation.objects.get()
    assert (now.author_handle, now.author_name) == (before.author_handle, "Bram Claes")


@pytest.mark.longer
def test_what_was_answered_owes_nothing(account: Account, manager: Person, sending: AnsweringNetwork) -> None:
    receive(account=account, items=[ASKED])
    sending.shown = {ASKED.ref.id: ASKED}
    answer_conversation(conversation=Conversation.objects.get(), text="Avant le 30 juin.", by=manager, seen=0)
    send()
    looked(account)
    told(account, ASKED)
    now = Conversation.objects.get()
    assert (now.state, now.author_name, Mention.objects.get().text) == ("answered", "Bram Claes", "Quand ?")


def test_what_the_citizen_wrote_after_the_answer_is_owed_again(account: Account) -> None:
    root, at = PostRef("status-000001"), ASKED.created_at
    ours = {"author": account.remote_id, "parent": root, "kind": Kind.ANSWER, "created_at": at + timedelta(hours=1)}
    reply = incoming(3, author="citizen", root=root, created_at=at + timedelta(hours=2))
    receive(account=account, items=[replace(ASKED, root=root), incoming(2, **ours), reply])
    looked(account, ASKED)
    assert Conversation.objects.get().state == "closed"
    told(account, reply)
    now = Conversation.objects.get()
    assert (now.state, now.clock_started_at, now.answered_at) == ("new", reply.created_at, None)


def test_what_somebody_closed_stays_closed(account: Account, manager: Person) -> None:
    receive(account=account, items=[ASKED])
    close_conversation(conversation=Conversation.objects.get(), by=manager, reason="No question")
    looked(account)
    told(account, ASKED)
    assert (Conversation.objects.get().state, Mention.objects.get().text) == ("closed", "Quand ?")


def test_its_picture_is_asked_for_anew(account: Account) -> None:
    receive(account=account, items=[ASKED])
    ask_for_pictures(Mention.objects.select_related("item"))
    looked(account)
    assert not Picture.objects.exists()
    told(account, ASKED)
    ask_for_pictures(Mention.objects.select_related("item"))
    assert Picture.objects.get().url == PICTURE.url


@pytest.mark.longer
def test_what_was_changed_meanwhile_says_what_it_says_now(account: Account) -> None:
    receive(account=account, items=[ASKED])
    looked(account)
    told(account, replace(ASKED, text="Quand au plus tard ?", poll=None, attachments=()))
    mention = Mention.objects.get()
    assert (mention.text, mention.choices, mention.attachments) == ("Quand au plus tard ?", [], [])
    told(account, ASKED)
    assert Item.objects.get().edited_at is not None, "an edit is one again"
    assert verbs()[-1] == "mention.edited"


@pytest.mark.longer
def test_another_account_that_hears_it_gives_nothing_back_to_who_lost_it(account: Account) -> None:
    """What each of them sees may differ; and that its words are here again is no edit of them."""
    receive(account=account, items=[ASKED])
    looked(account)
    other = ConnectedAccountFactory.create(unit=account.unit, base_url=account.base_url)
    receive(account=other, items=[ASKED])
    assert Item.objects.get().edited_at is None
    assert {one.account_id: one.text for one in Mention.objects.all()} == {account.pk: "", other.pk: "Quand ?"}
    told(account, ASKED)
    assert {one.text for one in Mention.objects.all()} == {"Quand ?"}
    assert InboundMessage.objects.filter(words=None).count() == 0
    assert not Entry.objects.exists()


def test_what_was_erased_as_its_time_was_over_stays_so(account: Account) -> None:
    receive(account=account, items=[ASKED])
    looked(account)
    Conversation.objects.update(purged_at=datetime.fromisoformat("2026-11-01T00:00:00+00:00"), author_id="", root_id="")
    told(account, ASKED)
    assert (Conversation.objects.get().state, Conversation.objects.get().author_name) == ("closed", "")
