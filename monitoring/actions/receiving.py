"""Messages of citizens become mentions and conversations: once each, however often a network tells of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from delivery.models import Delivery
from monitoring.actions.triage import come_back, restart_clock
from monitoring.enums import ANSWER
from monitoring.models import Answer, Conversation, Mention, Watch
from monitoring.queries.overlap import covered_by_other_account
from monitoring.schedule import RETENTION, response_deadline
from networks.catalogue import network
from networks.types import Incoming, Kind
from organisation import audit
from organisation.audit import action
from organisation.enums import Language

log = logging.getLogger(__name__)

RECEIVED = audit.tell("conversation.received", _("A citizen began this conversation"))
EDITED = audit.tell("mention.edited", _("The citizen changed this message on the network"))
INGEST_LOCK = 0x4D454E54  # "MENT": with the account's id, orders those who store for one account
SEARCH_LOCK = 0x48495453  # "HITS": with the network, orders those who store what watches found
# What the columns of a mention hold; whoever writes on a network decides what comes.
LONGEST_ID, LONGEST_URL, LONGEST_CID, LONGEST_AUTHOR = 300, 500, 200, 200
LONGEST_WORDS, LONGEST_CHOICE, MOST_PARTS = 10_000, 500, 30


@dataclass
class _Batch:
    """What is known before storing: the account's own and sister accounts, and earlier parts of the same threads."""

    account: Account
    watch: Watch | None
    now: datetime
    roots: dict[str, str] = field(default_factory=dict)
    conversations: dict[tuple[str, str], Conversation] = field(default_factory=dict)
    answered: dict[int, datetime] = field(default_factory=dict)  # conversation → when its last answer was published


@action
def receive(*, account: Account, items: Iterable[Incoming], watch: Watch | None = None) -> int:
    """Stores what is new, and the changes of what is known; how many messages were new.

    What a watch finds is left out where another account of the organisation has it, or will: a citizen is owed one
    answer. Safe to repeat, and for two workers at once: whoever stores for an account waits for the other.
    """
    if watch is not None:
        # First, so that two watches of two accounts that find the same message store it one after the other.
        _wait(SEARCH_LOCK, crc32(account.network.encode()))
    _wait(INGEST_LOCK, account.pk)
    told = {item.ref.id: item for item in reversed(list(items)) if item.author.id and _is_storable(item)}
    own = set(_own_ids(account))
    told = {key: item for key, item in told.items() if item.author.id not in own}
    known = {
        mention.remote_id: mention
        for mention in Mention.objects.filter(account=account, remote_id__in=told).select_for_update()
    }
    for key, mention in known.items():
        refresh(mention, told[key])
    new = sorted((item for key, item in told.items() if key not in known), key=lambda item: item.created_at)
    hits = [item for item in new if item.kind == Kind.SEARCH_HIT]
    if hits:
        elsewhere = covered_by_other_account(account, hits)
        new = [item for item in new if item.kind != Kind.SEARCH_HIT or item.ref.id not in elsewhere]
    if new:
        _store(_prepare(account, watch, new), new)
    return len(new)


def check_every(account: Account) -> timedelta:
    """How often a message to `account` is read again: as its network's limits and prices leave room for."""
    return timedelta(days=network(account.network).capabilities.recheck_days)


def _wait(lock: int, which: int) -> None:
    """Until nobody else holds `lock` for `which`; ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock, which % 2**31])


def refresh(mention: Mention, item: Incoming) -> None:
    """A known message as the network shows it now. A search hit that turns out to address us becomes a mention."""
    changed = _refresh_facts(mention, item) if mention.gone_at is None else []
    text = clean(item.text)
    if mention.gone_at is None and mention.text != text:
        mention.text, mention.edited_at = text, timezone.now()
        mention.cid = _content_id(item.ref.cid) or mention.cid
        changed += ["text", "edited_at", "cid"]
        audit.record(verb=EDITED, thing=mention, by=None)
    if mention.kind == Kind.SEARCH_HIT and item.kind != Kind.SEARCH_HIT:
        mention.kind = item.kind.value
        changed.append("kind")
    if changed:
        mention.save(update_fields=changed)


def _refresh_facts(mention: Mention, item: Incoming) -> list[str]:
    """What hangs at it and who sees it; that the network once kept it back stays known."""
    told = _facts(item)
    if item.audience is None:
        del told["audience"]
    told["filtered"] = mention.filtered or item.filtered
    changed = [name for name, value in told.items() if getattr(mention, name) != value]
    for name in changed:
        setattr(mention, name, told[name])
    return changed


def _facts(item: Incoming) -> dict[str, Any]:
    """What a message has besides its words."""
    return {
        "audience": item.audience.value if item.audience else "",
        "warning": clean(item.warning)[:LONGEST_WORDS],
        "attachments": [
            {"kind": one.kind, "url": kept_address(one.url), "alt": clean(one.alt)[:LONGEST_WORDS]}
            for one in item.attachments[:MOST_PARTS]
        ],
        "choices": [clean(one)[:LONGEST_CHOICE] for one in item.choices[:MOST_PARTS]],
        "filtered": item.filtered,
    }


def clean(text: str) -> str:
    """Without what PostgreSQL cannot keep: the NUL, and halves of characters."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _is_storable(item: Incoming) -> bool:
    """False where a name of the message, its thread or its author is none that a network gives.

    Anybody may publish such a thing; it must not keep everybody else's messages out.
    """
    names = [item.author.id, *(ref.id for ref in (item.ref, item.parent, item.root) if ref is not None)]
    if all(len(name) <= LONGEST_ID and name.isprintable() for name in names):
        return True
    log.warning("left out a message whose names cannot be kept")
    return False


def kept_address(url: str) -> str:
    """A web address that can be kept and followed, else none."""
    fits = len(url) <= LONGEST_URL and url.isprintable()
    return url if fits and url.startswith(("https://", "http://")) else ""


def _content_id(cid: str) -> str:
    return cid if len(cid) <= LONGEST_CID and cid.isprintable() else ""


def _own_ids(account: Account) -> Iterable[str]:
    """What our own accounts on this server say is not a citizen's."""
    same = Account.objects.filter(network=account.network, base_url=account.base_url).exclude(remote_id="")
    return same.values_list("remote_id", flat=True)


def _prepare(account: Account, watch: Watch | None, new: list[Incoming]) -> _Batch:
    """Reads, in a handful of queries, all that the batch's messages may belong to."""
    parents = {item.parent.id for item in new if item.parent}
    batch = _Batch(account, watch, timezone.now())
    heard = Mention.objects.filter(account=account, remote_id__in=parents)
    batch.roots.update(heard.values_list("remote_id", "conversation__root_id"))
    said = dict(
        Delivery.objects.filter(account=account, origin_kind=ANSWER, remote_id__in=parents).values_list(
            "origin_id", "remote_id"
        )
    )
    for answer_id, root in Answer.objects.filter(pk__in=said).values_list("pk", "conversation__root_id"):
        batch.roots[said[answer_id]] = root
    for item in new:
        batch.roots[item.ref.id] = _root_of(batch, item)
    held = Conversation.objects.select_for_update(of=("self",)).select_related("unit", "account")
    found = held.filter(
        account=account,
        purged_at__isnull=True,
        root_id__in={batch.roots[item.ref.id] for item in new},
        author_id__in={_author_id(item) for item in new},
    )
    batch.conversations = {(one.root_id, one.author_id): one for one in found.order_by("pk")}
    answers = Answer.objects.filter(conversation__in=batch.conversations.values(), published_at__isnull=False)
    last = answers.order_by().values("conversation").annotate(last=Max("published_at"))
    batch.answered.update(last.values_list("conversation", "last"))
    return batch


def _author_id(item: Incoming) -> str:
    return item.author.id[:LONGEST_AUTHOR]


def _root_of(batch: _Batch, item: Incoming) -> str:
    """The thread's first message: as the network says, else as far as we know."""
    if item.root is not None:
        return item.root.id
    if item.parent is not None:
        return batch.roots.get(item.parent.id) or item.parent.id
    return item.ref.id


def _store(batch: _Batch, new: list[Incoming]) -> None:
    """In a handful of writes, however many messages there are."""
    begun: dict[tuple[str, str], Incoming] = {}
    continued: dict[int, Conversation] = {}
    for item in new:
        key = (batch.roots[item.ref.id], _author_id(item))
        conversation = batch.conversations.get(key)
        if conversation is None:
            batch.conversations[key], begun[key] = _begin(batch, item), item
            continue
        _continue(batch, conversation, item)
        if conversation.pk is not None:
            continued[conversation.pk] = conversation
    Conversation.objects.bulk_create([batch.conversations[key] for key in begun])
    for key, item in begun.items():
        audit.record(verb=RECEIVED, thing=batch.conversations[key], by=None, kind=item.kind.value)
    fields = ["author_handle", "author_name", "last_mention_at", "clock_started_at", "deadline"]
    Conversation.objects.bulk_update(continued.values(), fields)
    Mention.objects.bulk_create(_mention(batch, item) for item in new)


def _sent_at(batch: _Batch, item: Incoming) -> datetime:
    """Some networks let the citizen choose the time."""
    return min(item.created_at, batch.now)


def _begin(batch: _Batch, item: Incoming) -> Conversation:
    """A conversation that is not stored yet."""
    account, sent_at = batch.account, _sent_at(batch, item)
    spoken = item.language[:2].lower()
    return Conversation(
        unit=account.unit,
        account=account,
        root_id=batch.roots[item.ref.id],
        author_id=_author_id(item),
        author_handle=clean(item.author.handle)[:200],
        author_name=clean(item.author.name)[:200],
        language=spoken if spoken in Language.values else "",
        clock_started_at=sent_at,
        deadline=response_deadline(category="", asked_at=sent_at, unit=account.unit),
        last_mention_at=sent_at,
    )


def _continue(batch: _Batch, conversation: Conversation, item: Incoming) -> None:
    """The newest message opens what was answered or closed; an older one, found late, moves the clock back."""
    sent_at = _sent_at(batch, item)
    conversation.author_handle = clean(item.author.handle)[:200]
    conversation.author_name = clean(item.author.name)[:200]
    is_newest = sent_at > conversation.last_mention_at
    if is_newest:
        conversation.last_mention_at = sent_at
        if not conversation.is_open:
            conversation.clock_started_at = sent_at
            restart_clock(conversation)
            come_back(conversation)
            conversation.refresh_from_db(fields=["state", "answered_at"])
    elif conversation.is_open and sent_at < conversation.clock_started_at:
        answered = batch.answered.get(conversation.pk)
        if answered is None or answered < sent_at:
            conversation.clock_started_at = sent_at
            restart_clock(conversation)


def _mention(batch: _Batch, item: Incoming) -> Mention:
    root = item.root
    return Mention(
        conversation=batch.conversations[batch.roots[item.ref.id], _author_id(item)],
        account=batch.account,
        watch=batch.watch,
        remote_id=item.ref.id,
        cid=_content_id(item.ref.cid),
        url=kept_address(item.ref.url),
        kind=item.kind.value,
        text=clean(item.text),
        language=clean(item.language)[:10],
        **_facts(item),
        parent_id=item.parent.id if item.parent else "",
        root_id=root.id if root else "",
        root_url=kept_address(root.url) if root else "",
        root_cid=_content_id(root.cid) if root else "",
        sent_at=_sent_at(batch, item),
        check_at=batch.now + check_every(batch.account),
        purge_after=timezone.localdate(batch.now + RETENTION, timezone=batch.account.unit.zone),
    )
