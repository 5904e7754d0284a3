"""Messages of citizens are kept, and told to who listens: once each, however often a network tells of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from monitoring.listeners import Heard, listeners
from monitoring.models import Erasure, Mention, Watch
from monitoring.queries.overlap import covered_by_other_account
from monitoring.schedule import RETENTION
from networks.addresses import kept_address
from networks.catalogue import network
from networks.types import Author, Incoming, Kind
from organisation import audit
from organisation.audit import action

log = logging.getLogger(__name__)

EDITED = audit.tell("mention.edited", _("The citizen changed this message on the network"))
INGEST_LOCK = 0x4D454E54  # "MENT": with the account's id, orders those who store for one account
SEARCH_LOCK = 0x48495453  # "HITS": with the network, orders those who store what watches found
# What the columns of a mention hold; whoever writes on a network decides what comes.
LONGEST_ID, LONGEST_CID, LONGEST_AUTHOR = 300, 200, 200
LONGEST_WORDS, LONGEST_CHOICE, MOST_PARTS = 10_000, 500, 30


@action
def receive(*, account: Account, items: Iterable[Incoming], watch: Watch | None = None) -> int:
    """Stores what is new, and the changes of what is known; how many messages were new.

    What a watch finds is left out where another account of the organisation has it, or will: a citizen is owed one
    answer. What was erased since its time was over stays so, whoever is told of it again. Safe to repeat, and for two
    workers at once: whoever stores for an account waits for the other.
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
        for mention in Mention.objects.filter(account=account, remote_id__in=told).select_for_update(no_key=True)
    }
    for key, mention in known.items():
        refresh(mention, told[key])
    unknown = [key for key in told if key not in known]
    over = Erasure.among(place_of(account), unknown)
    new = sorted((told[key] for key in unknown if key not in over), key=lambda item: item.created_at)
    hits = [item for item in new if item.kind == Kind.SEARCH_HIT]
    if hits:
        elsewhere = covered_by_other_account(account, hits)
        new = [item for item in new if item.kind != Kind.SEARCH_HIT or item.ref.id not in elsewhere]
    if new:
        _store(account, watch, new)
    return len(new)


def place_of(account: Account) -> str:
    """Where the ids of its messages are one of a kind."""
    return f"{account.network} {account.base_url}"


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
    if {"text", "audience"} & set(changed):
        for listener in listeners():
            listener.changed(mention, is_reworded="text" in changed)


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


def _content_id(cid: str) -> str:
    return cid if len(cid) <= LONGEST_CID and cid.isprintable() else ""


def _own_ids(account: Account) -> Iterable[str]:
    """What our own accounts on this server say is not a citizen's."""
    same = Account.objects.filter(network=account.network, base_url=account.base_url).exclude(remote_id="")
    return same.values_list("remote_id", flat=True)


def _store(account: Account, watch: Watch | None, new: list[Incoming]) -> None:
    """In a handful of writes, however many messages there are."""
    now = timezone.now()
    mentions = Mention.objects.bulk_create(_mention(account, watch, item, now) for item in new)
    heard = [Heard(mention, _author(item)) for mention, item in zip(mentions, new, strict=True)]
    for listener in listeners():
        listener.heard(account, heard)


def _author(item: Incoming) -> Author:
    """As its columns hold it, wherever it is kept."""
    told = item.author
    return Author(
        id=told.id[:LONGEST_AUTHOR],
        handle=clean(told.handle)[:LONGEST_AUTHOR],
        name=clean(told.name)[:LONGEST_AUTHOR],
    )


def _mention(account: Account, watch: Watch | None, item: Incoming, now: datetime) -> Mention:
    root = item.root
    return Mention(
        account=account,
        watch=watch,
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
        sent_at=min(item.created_at, now),  # some networks let the citizen choose the time
        check_at=now + check_every(account),
        purge_after=timezone.localdate(now + RETENTION, timezone=account.unit.zone),
    )
