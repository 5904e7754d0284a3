"""Messages of citizens begin conversations and continue them, in a handful of statements however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from conversations.actions.triage import come_back, restart_clock
from conversations.enums import ANSWER
from conversations.models import Answer, Conversation, InboundMessage
from conversations.schedule import response_deadline
from delivery.models import Delivery
from monitoring.listeners import Heard
from monitoring.models import Mention
from networks.folding import as_lexemes
from networks.types import Incoming
from organisation import audit, bulk
from organisation.audit import step
from organisation.enums import Language
from organisation.queries import calendar_of
from organisation.working_time import WorkingCalendar

RECEIVED = audit.tell("conversation.received", _("A citizen began this conversation"))


@dataclass
class _Batch:
    """What is known before storing: earlier parts of the same threads, and what was answered there."""

    account: Account
    roots: dict[str, str] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)  # message → what it stands below, where it names no thread
    conversations: dict[tuple[str, str], Conversation] = field(default_factory=dict)
    answered: dict[int, Answer] = field(default_factory=dict)  # conversation → of those given, the one written last

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """When whoever answers for the account is open."""
        return calendar_of(self.account.unit)

    def of(self, one: Heard) -> tuple[str, str]:
        """What tells the conversation of a message: its thread and its author."""
        return self.roots[one.mention.item.remote_id], one.author.id


@step
def continue_conversations(
    *, account: Account, heard: Sequence[Heard], beside: Sequence[Incoming] = ()
) -> Collection[int]:
    """Each new message of a citizen, the oldest first, in the conversation of its author and thread; ids of those that
    were there before. `beside`: what the account itself answered on its network, as far as it was told with them."""
    batch = _prepare(account, heard, beside)
    begun: dict[tuple[str, str], Heard] = {}
    continued: dict[int, Conversation] = {}
    for one in heard:
        conversation = batch.conversations.get(batch.of(one))
        if conversation is None:
            batch.conversations[batch.of(one)], begun[batch.of(one)] = _begin(batch, one), one
            continue
        _continue(batch, conversation, one)
        if conversation.pk is not None:
            continued[conversation.pk] = conversation
    bulk.insert([batch.conversations[key] for key in begun])
    for key, one in begun.items():
        audit.record(verb=RECEIVED, thing=batch.conversations[key], by=None, kind=one.mention.kind)
    fields = ["author_handle", "author_name", "last_mention_at", "clock_started_at", "deadline"]
    bulk.update(continued.values(), fields)
    bulk.insert(
        InboundMessage(
            mention=one.mention,
            conversation=batch.conversations[batch.of(one)],
            sent_at=one.mention.sent_at,
            words=as_lexemes(one.mention.text, one.mention.warning, f"@{one.author.handle}", one.author.name),
        )
        for one in heard
    )
    return continued


def find_by_new_words(mention: Mention) -> None:
    """What a message says now is what it is found by, in a conversation that still knows its citizen."""
    belongs = InboundMessage.objects.select_related("conversation").filter(mention=mention)
    for one in belongs.defer("words"):
        names = f"@{one.conversation.author_handle}", one.conversation.author_name
        InboundMessage.objects.filter(pk=one.pk).update(words=as_lexemes(mention.text, mention.warning, *names))


def _prepare(account: Account, heard: Sequence[Heard], beside: Sequence[Incoming]) -> _Batch:
    """Reads, in a handful of queries, all that the messages may belong to."""
    items = [one.mention.item for one in heard]
    batch = _Batch(account)
    # An answer of ours that came along leads to its question; it is kept only after the messages.
    batch.above.update((one.ref.id, one.parent.id) for one in beside if one.parent is not None)
    batch.above.update((item.remote_id, item.parent_id) for item in items if item.parent_id and not item.root_id)
    _read_roots(batch, set(batch.above.values()))
    batch.roots.update((item.remote_id, item.root_id) for item in items if item.root_id)
    batch.roots.update((item.remote_id, item.remote_id) for item in items if not item.root_id and not item.parent_id)
    names = {item.remote_id for item in items}
    for item in items:
        _find_root(batch, item.remote_id, names)
    held = Conversation.objects.select_for_update(of=("self",)).select_related("unit", "account")
    found = held.filter(
        account=account,
        purged_at__isnull=True,
        root_id__in={batch.roots[name] for name in names},
        author_id__in={one.author.id for one in heard},
    )
    batch.conversations = {(one.root_id, one.author_id): one for one in found.order_by("pk")}
    given = Answer.objects.filter(conversation__in=batch.conversations.values(), published_at__isnull=False)
    last = given.order_by("conversation_id", "-written_at", "-pk").distinct("conversation_id").defer("words")
    batch.answered.update({answer.conversation_id: answer for answer in last})
    return batch


def _read_roots(batch: _Batch, names: Collection[str]) -> None:
    """Of which thread those of these messages are that are here already, the citizens' and ours."""
    earlier = InboundMessage.objects.filter(mention__account=batch.account, mention__item__remote_id__in=names)
    there = Answer.objects.filter(conversation__account=batch.account, remote_id__in=names)  # past Parvis
    below = earlier.order_by().values_list("mention__item__remote_id", "conversation__root_id")
    batch.roots.update(below.union(there.order_by().values_list("remote_id", "conversation__root_id"), all=True))
    sent = Delivery.objects.filter(account=batch.account, origin_kind=ANSWER, remote_id__in=names)
    said = dict(sent.values_list("origin_id", "remote_id"))
    for answer_id, root in Answer.objects.filter(pk__in=said).values_list("pk", "conversation__root_id"):
        batch.roots[said[answer_id]] = root


def _find_root(batch: _Batch, name: str, heard: Collection[str]) -> None:
    """The thread's first message, found from a message of a citizen upwards, whichever of them was told or written
    first: what is known above it, else as far as citizens say. An answer of ours that leads to nothing known begins
    a thread: nobody keeps it, and what comes below it later has to find the same."""
    path: dict[str, None] = {}
    while not batch.roots.get(name) and name in batch.above and name not in path:
        path[name] = None
        name = batch.above[name]
    root = batch.roots.get(name)
    for below in reversed(path):
        root = root or (batch.above[below] if below in heard else None)
        if root:
            batch.roots[below] = root


def _begin(batch: _Batch, one: Heard) -> Conversation:
    """A conversation that is not stored yet."""
    account, sent_at = batch.account, one.mention.sent_at
    spoken = one.mention.item.language[:2].lower()
    root_id, author_id = batch.of(one)
    return Conversation(
        unit=account.unit,
        account=account,
        root_id=root_id,
        author_id=author_id,
        author_handle=one.author.handle,
        author_name=one.author.name,
        language=spoken if spoken in Language.values else "",
        clock_started_at=sent_at,
        deadline=response_deadline(category="", asked_at=sent_at, calendar=batch.calendar),
        last_mention_at=sent_at,
    )


def _continue(batch: _Batch, conversation: Conversation, one: Heard) -> None:
    """What is owed an answer opens what was answered or closed; the first of what is owed has the clock."""
    sent_at = one.mention.sent_at
    conversation.author_handle = one.author.handle or conversation.author_handle
    conversation.author_name = one.author.name or conversation.author_name
    is_owed = sent_at > conversation.last_mention_at or _is_unknown(sent_at, batch.answered.get(conversation.pk))
    conversation.last_mention_at = max(sent_at, conversation.last_mention_at)
    if not is_owed or (conversation.is_open and sent_at >= conversation.clock_started_at):
        return
    conversation.clock_started_at = sent_at
    restart_clock(conversation, _calendar(batch, conversation))
    if not conversation.is_open:
        come_back(conversation)
        conversation.refresh_from_db(fields=["state", "answered_at"])


def _is_unknown(sent_at: datetime, answer: Answer | None) -> bool:
    """Whether who gave the last `answer` did not know of a message that is told now; as `queries.unanswered` has it.

    Whoever closed a conversation without one did not know of it either.
    """
    return answer is None or not answer.was_found or sent_at > answer.written_at


def _calendar(batch: _Batch, conversation: Conversation) -> WorkingCalendar | None:
    """An account may have moved to another unit since; a conversation stays."""
    return batch.calendar if conversation.unit_id == batch.account.unit_id else None
