"""What a message has besides its words: kept as facts, said in words, and gone with it."""

from __future__ import annotations

import re

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts_registry.models import Account
from conversations.actions import answer_conversation
from conversations.models import Conversation
from delivery.models import Delivery
from monitoring.actions import check_mentions
from monitoring.actions.keeping import LONGEST_ALT, MOST_PARTS
from monitoring.actions.receiving import receive
from monitoring.models import Mention
from networks.types import Attachment, Poll
from organisation.models import Person
from tests.factories.delivery import thaw
from tests.factories.monitoring import incoming
from tests.monitoring.network import FakeNetwork

PICTURE = Attachment("picture", "https://mastodon.example/1.png", "Un formulaire")
HANGING = {
    "text": "",
    "warning": "Dettes",
    "attachments": (PICTURE, Attachment("audio", "javascript:alert(1)")),
    "poll": Poll(("Par la poste", "En ligne"), (3, None)),
    "filtered": True,
}


def words(client: Client, address: str) -> str:
    """A page without the marks that keep a stranger's writing direction to itself."""
    return " ".join(re.sub("</?bdi[^>]*>", "", client.get(address).content.decode()).split())


@pytest.mark.longer
def test_a_message_of_nothing_but_a_picture_is_shown_in_words(
    account: Account, manager: Person, client: Client
) -> None:
    receive(account=account, items=[incoming(1, **{**HANGING, "warning": ""})])
    client.force_login(manager)
    inbox = words(client, reverse("conversations:inbox"))
    assert "Picture: Un formulaire" in inbox
    assert "Erased" not in inbox
    shown = words(client, reverse("conversations:conversation", args=[Conversation.objects.get().pk]))
    assert "Picture: Un formulaire" in shown
    assert "Recording, without a description" in shown
    assert '<span>Par la poste</span> <span class="quiet"> 3 votes</span> <progress max="3" value="3"' in shown
    assert "<span>En ligne</span></li>" in shown
    assert "The network filters messages of this kind" in shown
    assert 'href="https://mastodon.example/1.png" rel="noopener noreferrer"' in shown
    assert 'src="https://mastodon.example' not in shown
    assert "javascript:alert" not in shown


def test_a_message_of_which_nothing_is_told_is_not_shown_as_erased(
    account: Account, manager: Person, client: Client
) -> None:
    receive(account=account, items=[incoming(1, text="")])
    client.force_login(manager)
    inbox = words(client, reverse("conversations:inbox"))
    assert "This message holds no words." in inbox
    assert "Erased" not in inbox


@pytest.mark.longer
def test_words_before_a_message_stand_before_its_answer(account: Account, manager: Person, client: Client) -> None:
    thaw()
    receive(account=account, items=[incoming(1, text="Je ne peux pas payer", warning="Dettes")])
    conversation = Conversation.objects.get()
    client.force_login(manager)
    assert "Dettes" in words(client, reverse("conversations:inbox"))
    assert "Je ne peux pas payer" not in words(client, reverse("conversations:inbox"))
    shown = words(client, reverse("conversations:conversation", args=[conversation.pk]))
    assert "Warning by its author: Dettes" in shown
    assert "re: Dettes" in shown
    answer_conversation(conversation=conversation, text="@citizen-1 Voici.", by=manager, seen=0)
    assert Delivery.objects.get().content["warning"] == "re: Dettes"


def test_it_goes_with_the_message(account: Account) -> None:
    receive(account=account, items=[incoming(1, **HANGING)])
    Mention.objects.update(check_at=Now())
    network = FakeNetwork()
    check_mentions(account=account, connector=network)
    mention = Mention.objects.get()
    assert mention.gone_at is not None
    assert (mention.text, mention.warning, mention.attachments, mention.choices) == ("", "", [], [])
    item = mention.item
    assert (item.text, item.warning, item.attachments, item.choices) == ("", "", [], [])


def test_what_an_author_changes_changes_here(account: Account) -> None:
    receive(account=account, items=[incoming(1, **HANGING)])
    receive(account=account, items=[incoming(1, **{**HANGING, "warning": "Santé", "poll": None, "filtered": False})])
    mention = Mention.objects.get()
    assert (mention.warning, mention.choices, mention.filtered) == ("Santé", [], True)


def test_a_server_that_says_nothing_of_it_takes_no_knowledge_away(account: Account) -> None:
    receive(account=account, items=[incoming(1)])
    receive(account=account, items=[incoming(1, audience=None)])
    assert Mention.objects.get().item.audience == "public"


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_what_cannot_be_kept_is_left_out(account: Account, sign: str) -> None:
    parts = (Attachment("picture", f"https://x.example/{sign}", sign + "a" * 20_000),) * 50
    receive(account=account, items=[incoming(1, warning=sign, attachments=parts, poll=Poll((sign,) * 50))])
    mention = Mention.objects.get()
    assert (len(mention.attachments), len(mention.choices)) == (MOST_PARTS, MOST_PARTS)
    assert len(mention.attachments[0]["alt"]) == LONGEST_ALT
    assert mention.attachments[0]["url"] == ""
