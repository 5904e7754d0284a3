"""Watches, conversations and messages of citizens, made directly: no audit events, no network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.utils import timezone

from monitoring.enums import LegalBasis
from monitoring.models import Entry, Item, Source, Stream, Watch
from monitoring.queries.places import place_of_source
from networks.folding import as_lexemes
from networks.types import Audience, Author, Incoming, Kind, PostRef
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import PersonFactory, UnitFactory


class WatchFactory(factory.django.DjangoModelFactory[Watch]):
    """A lawful draft."""

    class Meta:
        model = Watch

    account = factory.SubFactory(ConnectedAccountFactory)
    unit = factory.SelfAttribute("account.unit")
    name = factory.Sequence(lambda n: f"Watch {n}")
    query = "tax return"
    purpose = "See where the tax return is not understood"
    legal_basis = LegalBasis.PUBLIC_TASK
    law = "Act of 3 August 2012"
    dpia_reference = "DPIA-2026-01"
    owner = factory.SelfAttribute("account.owner")
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))


class StreamFactory(factory.django.DjangoModelFactory[Stream]):
    class Meta:
        model = Stream

    account = factory.SubFactory(ConnectedAccountFactory)
    kind = "inbox"


class SourceFactory(factory.django.DjangoModelFactory[Source]):
    """A feed that is read."""

    class Meta:
        model = Source

    unit = factory.SubFactory(UnitFactory)
    network = "feed"
    url = factory.Sequence(lambda n: f"https://press.example/{n}.xml")
    title = factory.Sequence(lambda n: f"Press {n}")
    purpose = "See what the press asks"
    legal_basis = LegalBasis.PUBLIC_TASK
    law = "Act of 3 August 2012"
    dpia_reference = "DPIA-2026-02"
    owner = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))
    created_by = factory.SelfAttribute("owner")
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))


class EntryFactory(factory.django.DjangoModelFactory[Entry]):
    class Meta:
        model = Entry

    source = factory.SubFactory(SourceFactory)
    # Of the item.
    remote_id = factory.Sequence(lambda n: f"urn:{n}")
    url = "https://press.example/1"
    title = factory.Sequence(lambda n: f"Entry {n}")
    text = "The counters close early."
    # Of the entry.
    published_at = factory.LazyFunction(timezone.now)
    purge_after = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))

    @classmethod
    def _create(cls, model_class: type[Entry], *args: Any, **facts: Any) -> Any:
        of_item = ("remote_id", "url", "title", "text", "edited_at")
        told = {name: facts.pop(name) for name in of_item if name in facts}
        item = Item.objects.create(**told, **place_of_source(facts["source"]), sent_at=facts["published_at"])
        return super()._create(model_class, *args, item=item, words=as_lexemes(item.title, item.text), **facts)


def incoming(number: int, **facts: Any) -> Incoming:
    """The message `number` of a citizen; messages follow each other by a second."""
    author = facts.pop("author", f"citizen-{number}")
    return Incoming(
        ref=PostRef(facts.pop("id", f"status-{number:06}"), facts.pop("url", f"https://mastodon.example/{number}")),
        kind=facts.pop("kind", Kind.MENTION),
        author=Author(id=author, handle=author, name=facts.pop("name", "An Peeters")),
        text=facts.pop("text", f"Question {number}"),
        audience=facts.pop("audience", Audience.PUBLIC),
        created_at=facts.pop("created_at", datetime(2026, 11, 2, 9, tzinfo=UTC) + timedelta(seconds=number)),
        **facts,
    )
