"""What happens to what citizens write: their words, names and handles stand in none of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from conversations.actions import (
    assign_conversation,
    categorise_conversation,
    close_conversation,
    reopen_conversation,
)
from conversations.actions.triage import lock, start_clock_again
from conversations.models import Conversation
from monitoring.actions import (
    check_mentions,
    expire_sources,
    expire_watches,
    purge_expired,
    update_source,
    update_watch,
)
from monitoring.actions.receiving import receive
from monitoring.models import Mention
from networks.types import Kind, PostRef
from organisation.audit import acting
from tests.architecture.trail.world import AN, NOBODY, World, leaves
from tests.factories.monitoring import SourceFactory, WatchFactory, incoming

DAY = timedelta(days=1)
WATCH: dict[str, Any] = {
    "query": "tax",
    "purpose": "See where the tax return is not understood",
    "legal_basis": "public_task",
    "law": "Act of 3 August 2012",
    "dpia_reference": "DPIA-2026-01",
}


@leaves(("conversation.assign", AN, {"from": "new", "to": ...}))
def given_to_somebody(world: World) -> Callable[[], object]:
    one = world.conversation()
    return lambda: assign_conversation(conversation=one, to=world.bram, by=world.an)


@leaves(("conversation.categorised", AN, {"from": "", "to": "press", "deadline": ...}))
def triaged(world: World) -> Callable[[], object]:
    one = world.conversation()
    return lambda: categorise_conversation(conversation=one, category="press", by=world.an)


@leaves(("conversation.close", AN, {"from": "new", "to": "closed", "reason": "Thanks only"}))
def closed(world: World) -> Callable[[], object]:
    one = world.conversation()
    return lambda: close_conversation(conversation=one, by=world.an, reason="Thanks only")


@leaves(("conversation.reopen", AN, {"from": "closed", "to": "new"}))
def opened_again(world: World) -> Callable[[], object]:
    one = world.conversation(state="closed")
    return lambda: reopen_conversation(conversation=one, by=world.an)


def _writes_again(world: World, one: Conversation) -> Callable[[], object]:
    later = timezone.now() + timedelta(seconds=1)
    Mention.objects.filter(conversations=one).update(sent_at=later - timedelta(hours=1))
    Conversation.objects.filter(pk=one.pk).update(last_mention_at=later - timedelta(hours=1))
    parent = one.mentions.get()
    told = incoming(
        1, id=f"again-{one.pk}", author=one.author_id, root=PostRef(one.root_id, parent.item.url), created_at=later
    )
    return lambda: receive(account=world.account, items=[told])


@leaves(("conversation.resume", NOBODY, {"from": "answered", "to": "assigned"}))
def writes_again_to_who_had_it(world: World) -> Callable[[], object]:
    return _writes_again(
        world, world.conversation(state="answered", answered_at=timezone.now(), assigned_to=world.bram)
    )


@leaves(("conversation.renew", NOBODY, {"from": "closed", "to": "new"}))
def writes_again_to_nobody(world: World) -> Callable[[], object]:
    return _writes_again(world, world.conversation(state="closed"))


@leaves(("mention.edited", NOBODY, {}))
def citizen_edits(world: World) -> Callable[[], object]:
    known = world.mention()
    told = incoming(1, id=known.item.remote_id, author=known.conversation.author_id, text="Something else")
    return lambda: receive(account=world.account, items=[told])


@leaves(
    ("answer.found", NOBODY, {"conversation": ...}),
    ("conversation.answer", NOBODY, {"from": "new", "to": "answered", "answer": ...}),
)
def colleague_answers_on_the_network(world: World) -> Callable[[], object]:
    question = world.mention()
    facts: dict[str, Any] = {"kind": Kind.ANSWER, "author": world.account.remote_id, "text": "Before 30 June"}
    told = incoming(1, parent=PostRef(question.item.remote_id), created_at=timezone.now(), **facts)
    return lambda: receive(account=world.account, items=[told])


@leaves(("conversation.owe", NOBODY, {"from": "answered", "to": "new"}))
def answer_was_somebody_elses(world: World) -> Callable[[], object]:
    one = world.mention().conversation
    Conversation.objects.filter(pk=one.pk).update(state="answered", answered_at=timezone.now())

    def act() -> None:
        with acting():
            start_clock_again(lock(one))

    return act


@leaves(
    ("conversation.purged", NOBODY, {"messages": 1}),
    ("conversation.expire", NOBODY, {"from": "new", "to": "closed"}),
)
def what_a_watch_found_is_over(world: World) -> Callable[[], object]:
    Mention.objects.filter(pk=world.mention().pk).update(kind=Kind.SEARCH_HIT, purge_after=timezone.localdate() - DAY)
    return purge_expired


@leaves(("mention.gone", NOBODY, {}), ("conversation.lapse", NOBODY, {"from": "new", "to": "closed"}))
def citizen_deletes(world: World) -> Callable[[], object]:
    known = world.mention()
    Mention.objects.filter(pk=known.pk).update(check_at=timezone.now())
    network: Any = SimpleNamespace(fetch=lambda ref: None)
    return lambda: check_mentions(account=world.account, connector=network)


@leaves(("mention.returned", NOBODY, {}), ("conversation.return", NOBODY, {"from": "closed", "to": "new"}))
def what_was_deleted_is_there_again(world: World) -> Callable[[], object]:
    known = world.mention()
    Mention.objects.filter(pk=known.pk).update(gone_at=timezone.now())
    Conversation.objects.filter(pk=known.conversation.pk).update(state="closed", deadline=None)
    told = incoming(1, id=known.item.remote_id)
    return lambda: receive(account=world.account, items=[told])


@leaves(
    (
        "watch.updated",
        AN,
        {**WATCH, "name": "Taxes", "owner": ..., "expires_on": ..., "changes": {"query": ["tax return", "tax"]}},
    )
)
def watch_described_otherwise(world: World) -> Callable[[], object]:
    watch = WatchFactory.create(account=world.account, owner=world.an, name="Taxes")
    return lambda: update_watch(watch=watch, by=world.an, query="tax")


@leaves(("watch.expire", NOBODY, {"from": "active", "to": "ended"}))
def watch_over(world: World) -> Callable[[], object]:
    yesterday = timezone.localdate() - timedelta(days=2)
    WatchFactory.create(account=world.account, state="active", expires_on=yesterday)
    return expire_watches


@leaves(
    (
        "source.updated",
        AN,
        {
            "network": "feed",
            "url": "https://press.example/taxes.xml",
            "title": "Press",
            "words": "taxes",
            "purpose": "See what the press asks",
            "legal_basis": "public_task",
            "law": "Act of 3 August 2012",
            "dpia_reference": "DPIA-2026-02",
            "owner": ...,
            "expires_on": ...,
            "changes": {"words": ["", "taxes"]},
        },
    )
)
def source_looked_at_for_words(world: World) -> Callable[[], object]:
    source = SourceFactory.create(unit=world.unit, owner=world.an, title="Press", url="https://press.example/taxes.xml")
    return lambda: update_source(source=source, by=world.an, words="taxes")


@leaves(("source.expire", NOBODY, {"from": "active", "to": "ended"}))
def source_over(world: World) -> Callable[[], object]:
    SourceFactory.create(unit=world.unit, expires_on=timezone.localdate() - timedelta(days=2))
    return expire_sources
