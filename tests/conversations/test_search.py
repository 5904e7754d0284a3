"""A word finds what citizens wrote, who they are, and what we answered: the newest first, within the units in sight."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from conversations.actions import answer_conversation
from conversations.actions.forgetting import forget_recipient
from conversations.models import Answer, Conversation, InboundMessage
from conversations.queries import InboxFilter, searched
from conversations.queries.inbox import filtered
from delivery.enums import Trouble
from monitoring.actions.checking import _seen
from monitoring.actions.receiving import receive
from monitoring.models import Item, Mention
from networks.folding import as_lexemes
from organisation import bulk
from organisation.models import Person, Unit
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.monitoring import incoming
from tests.factories.organisation import person_with


def found(words: str, reach: str = "") -> set[int]:
    return set(searched(Conversation.objects.all(), words, reach).values_list("pk", flat=True))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(client: Client, query: str) -> list[int]:
    page = client.get(f"{reverse('conversations:inbox')}?{query}")
    return [one.pk for one in page.context["page"].conversations]


@pytest.fixture
def conversation(account: Account) -> Conversation:
    """Heard as every message is."""
    receive(
        account=account,
        items=[
            incoming(1, author="an@home.example", name="Zoë D’Hondt", text="L’école #impôts", created_at=timezone.now())
        ],
    )
    return Conversation.objects.get()


@pytest.mark.parametrize("words", ["ecole", "l'École", "#IMPOTS", "impo", "zoe", "d'hondt ecole", "@an", "home"])
def test_a_message_is_found_by_its_words_and_by_who_wrote_it(conversation: Conversation, words: str) -> None:
    assert found(words) == {conversation.pk}


def test_a_warning_that_was_kept_before_it_was_indexed_is_found(account: Account, conversation: Conversation) -> None:
    receive(account=account, items=[incoming(2, author="bob", text="Trop cher", warning="Dettes")])
    warned = InboundMessage.objects.exclude(conversation=conversation).get()
    before = InboundMessage.objects.get(conversation=conversation).words
    InboundMessage.objects.filter(pk=warned.pk).update(words=as_lexemes("Trop cher"))
    assert found("dettes") == set()
    import_module("conversations.migrations.0013_words_of_warnings").fill(apps, None)
    assert found("dettes") == found("cher @bob") == {warned.conversation_id}
    assert InboundMessage.objects.get(conversation=conversation).words == before
    Mention.objects.filter(pk=warned.mention_id).update(gone_at=timezone.now())
    InboundMessage.objects.filter(pk=warned.pk).update(words=None)
    import_module("conversations.migrations.0013_words_of_warnings").fill(apps, None)
    assert found("dettes") == set(), "its author took it away"


@pytest.mark.parametrize("words", ["cole", "ecole fermee", "@ecole", "???"])
def test_nothing_else_finds_it(conversation: Conversation, words: str) -> None:
    assert found(words) == set()


def test_what_we_answered_is_found_while_it_stands(
    conversation: Conversation, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    answer_conversation(conversation=conversation, text="@an@home.example Avant l’été.", by=manager)
    assert found("ete") == {conversation.pk}


def test_an_edit_is_found_by_what_it_says_now(account: Account, conversation: Conversation) -> None:
    receive(account=account, items=[incoming(1, author="an@home.example", text="Plutôt la crèche")])
    assert (found("ecole"), found("creche zoe")) == (set(), {conversation.pk})


def test_what_its_author_took_away_is_not_found(conversation: Conversation) -> None:
    _seen(mention=Mention.objects.get(), found=None)
    assert found("ecole") == found("zoe") == set()
    assert InboundMessage.objects.get().words is None


def test_who_is_forgotten_is_not_found_by_our_answer(account: Account) -> None:
    conversation = ConversationFactory.create(account=account, author_handle="zoe", author_name="Zoë")
    AnswerFactory.create(conversation=conversation, text="@zoe Avant l’été.")
    assert found("zoe ete") == {conversation.pk}
    assert forget_recipient(conversation, Trouble.ERASED)
    assert (found("zoe"), found("ete")) == (set(), {conversation.pk})


def test_ninety_days_unless_everything_is_asked_for(account: Account) -> None:
    now = timezone.now()
    old = ConversationFactory.create(account=account, last_mention_at=now - timedelta(days=91))
    new = ConversationFactory.create(account=account, last_mention_at=now - timedelta(days=89))
    for one in (old, new):
        MentionFactory.create(conversation=one, text="École")
    assert (found("ecole"), found("ecole", "all")) == ({new.pk}, {old.pk, new.pk})
    Answer.objects.bulk_create([AnswerFactory.build(conversation=old, author=account.owner, text="Été", words="'ete'")])
    assert found("ete") == {old.pk}
    Answer.objects.update(written_at=now - timedelta(days=91))
    assert (found("ete"), found("ete", "all")) == (set(), {old.pk})


@pytest.mark.longer
def test_the_page_finds_in_sight_the_newest_first_and_says_how_far_it_looked(
    account: Account, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    made = [
        ConversationFactory.create(account=account, last_mention_at=now - timedelta(days=days))
        for days in (3, 1, 2, 95)
    ]
    elsewhere = ConversationFactory.create()
    for one in (*made, elsewhere):
        MentionFactory.create(conversation=one, text="À l’école")
    client = signed_in(manager)
    assert shown(client, "q=ECOLE") == [made[1].pk, made[2].pk, made[0].pk]
    assert shown(client, "q=ecole&reach=all") == [made[1].pk, made[2].pk, made[0].pk, made[3].pk]
    page = client.get(f"{reverse('conversations:inbox')}?q=ecole&show=all").content.decode()
    assert "Searched in the last 90 days." in page
    assert '<a href="?q=ecole&amp;show=all&amp;reach=all">Search everything that is kept</a>' in page
    assert "3 conversations" in page
    page = client.get(f"{reverse('conversations:inbox')}?q=ecole&reach=all").content.decode()
    assert "Searched in everything that is kept." in page
    assert "Searched" not in client.get(reverse("conversations:inbox")).content.decode()


@pytest.mark.longer
def test_the_count_stops_where_every_count_does(
    account: Account, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.queries.inbox.COUNT_UP_TO", 2)
    for _each in range(3):
        MentionFactory.create(conversation=ConversationFactory.create(account=account), text="École")
    page = signed_in(manager).get(f"{reverse('conversations:inbox')}?q=ecole").content.decode()
    assert "More than 2 conversations" in page


@pytest.mark.longer
def test_the_api_finds_the_same(account: Account, manager: Person, unit: Unit) -> None:
    old = ConversationFactory.create(account=account, last_mention_at=timezone.now() - timedelta(days=95))
    new, other = ConversationFactory.create(account=account), ConversationFactory.create(account=account)
    for one, text in ((old, "École"), (new, "L’école"), (other, "Crèche")):
        MentionFactory.create(conversation=one, text=text)
    MentionFactory.create(text="École")
    client = signed_in(person_with("conversation_manager", unit))

    def keys(query: str) -> list[int]:
        return [one["id"] for one in client.get(f"/api/v1/conversations/{query}").json()["results"]]

    assert keys("?q=ecole") == [new.pk]
    assert keys("?q=ecole&reach=all") == [new.pk, old.pk]
    assert set(keys("")) == {old.pk, new.pk, other.pk}


@pytest.mark.slow
def test_words_are_looked_up_in_their_index_and_no_table_is_read_through(account: Account, manager: Person) -> None:
    """With some thousands of messages, of answers and of conversations the server looks for the cheapest way itself."""
    fill(account, 4_000)
    rows = filtered(manager, InboxFilter(show="all", words="Rare17x bonjour")).order_by("-last_mention_at", "-pk")
    assert rows.count() == 1
    told = rows[:31].explain()
    assert {"inbound_words", "answer_words"} <= set(re.findall(r"Index Scan on (\w+)", told)), told
    assert not re.findall(r"Seq Scan on conversations_\w+", told), told


def fill(account: Account, count: int) -> None:
    """Conversations with a message and an answer each, one of which has a word of its own."""
    now = timezone.now()
    facts = {"account": account, "unit": account.unit, "state": "answered", "answered_at": now, "clock_started_at": now}
    said = {"network": "mastodon", "server": "", "sent_at": now}
    heard = {"account": account, "kind": "mention", "sent_at": now, "purge_after": now.date()}
    answered = {"author": account.owner, "language": "fr", "content_hash": "x", "asked_at": now, "text": "Merci"}
    usual = " ".join(f"usual{number}" for number in range(30))
    words = [as_lexemes(f"Bonjour merci {usual} rare{number}x") for number in range(count)]
    items = bulk.insert(Item(remote_id=str(number), **said) for number in range(count))
    mentions = bulk.insert(Mention(item=item, **heard) for item in items)
    conversations = bulk.insert(
        Conversation(root_id=str(number), last_mention_at=now - timedelta(minutes=number), **facts)
        for number in range(count)
    )
    bulk.insert(
        InboundMessage(mention=mention, conversation=conversation, sent_at=now, words=told)
        for mention, conversation, told in zip(mentions, conversations, words, strict=True)
    )
    bulk.insert(
        Answer(conversation=conversation, words=told, **answered)
        for conversation, told in zip(conversations, words, strict=True)
    )
    with connection.cursor() as cursor:
        # As the server does by itself, some time later.
        cursor.execute("SELECT gin_clean_pending_list('inbound_words'), gin_clean_pending_list('answer_words')")
        for table in ("inboundmessage", "conversation", "answer"):
            cursor.execute(f"ANALYZE conversations_{table}")
