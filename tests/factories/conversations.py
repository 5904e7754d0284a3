"""Conversations with the messages of citizens in them, and answers, made directly: no audit events, no network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from conversations.models import Answer, Conversation, InboundMessage
from conversations.queries import latest_message, mark_of_question
from conversations.schedule import response_deadline
from monitoring.models import Item, Mention
from monitoring.queries.places import place_of
from networks.folding import as_lexemes
from organisation.queries import calendar_of
from tests.factories.accounts_registry import ConnectedAccountFactory

ITEM = {field.name for field in Item._meta.concrete_fields} - {"id", "sent_at", "received_at"}


class ConversationFactory(factory.django.DjangoModelFactory[Conversation]):
    """New, a question that came just now."""

    class Meta:
        model = Conversation

    account = factory.SubFactory(ConnectedAccountFactory)
    unit = factory.SelfAttribute("account.unit")
    root_id = factory.Sequence(lambda n: f"root-{n}")
    author_id = factory.Sequence(lambda n: f"citizen-{n}")
    author_handle = factory.SelfAttribute("author_id")
    author_name = "An Peeters"
    language = "fr"
    clock_started_at = factory.LazyFunction(timezone.now)
    last_mention_at = factory.SelfAttribute("clock_started_at")
    deadline = factory.LazyAttribute(
        lambda one: response_deadline(category="", asked_at=one.clock_started_at, calendar=calendar_of(one.unit))
    )


class MentionFactory(factory.django.DjangoModelFactory[Mention]):
    """A message in `conversation`, which the made one knows for as long as a test holds it."""

    class Meta:
        model = Mention

    conversation = factory.SubFactory(ConversationFactory)
    account = factory.SelfAttribute("conversation.account")
    # Of the item.
    remote_id = factory.Sequence(lambda n: f"status-{n}")
    text = "Quand dois-je rentrer ma déclaration ?"
    audience = "public"
    language = "fr"
    # Of the mention.
    kind = "mention"
    sent_at = factory.SelfAttribute("conversation.last_mention_at")
    check_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
    purge_after = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))

    @classmethod
    def _create(cls, model_class: type[Mention], *args: Any, conversation: Conversation, **facts: Any) -> Any:
        told = {name: facts.pop(name) for name in ITEM & facts.keys()}
        item, _is_new = Item.objects.get_or_create(
            remote_id=told.pop("remote_id"),
            **place_of(facts["account"]),
            defaults={**told, "sent_at": facts["sent_at"]},
        )
        mention: Any = super()._create(model_class, *args, item=item, **facts)
        names = f"@{conversation.author_handle}", conversation.author_name
        words = None if mention.gone_at else as_lexemes(item.text, *names)
        InboundMessage.objects.create(mention=mention, conversation=conversation, sent_at=mention.sent_at, words=words)
        mention.conversation = conversation
        return mention


class AnswerFactory(factory.django.DjangoModelFactory[Answer]):
    class Meta:
        model = Answer

    conversation = factory.SubFactory(ConversationFactory)
    text = "Avant le 30 juin."
    language = "fr"
    author = factory.SelfAttribute("conversation.account.owner")
    content_hash = "0" * 64
    asked_at = factory.SelfAttribute("conversation.clock_started_at")
    words = factory.LazyAttribute(lambda one: as_lexemes(one.text))


def asked_now(conversation: Conversation) -> str:
    """What a page that shows the conversation as it stands says of its question."""
    return mark_of_question(latest_message(conversation))
