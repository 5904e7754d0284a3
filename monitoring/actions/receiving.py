"""Messages of citizens are kept, and told to who listens: once each, however often a network tells of them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zlib import crc32

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from accounts_registry.queries import costs
from delivery.content import as_draft
from delivery.enums import DeliveryState
from delivery.models import Delivery
from monitoring.actions.finding import found_by, told_at_last
from monitoring.actions.keeping import clean, is_name, keep_items, let_go, renew
from monitoring.listeners import Heard, listeners
from monitoring.models import Erasure, Item, Mention, Watch
from monitoring.models.item import untold
from monitoring.queries.overlap import covered_by_other_account
from monitoring.queries.places import erasure_place, heard_at, place_of
from monitoring.schedule import RETENTION
from networks.catalogue import network
from networks.composition import compose
from networks.sameness import comparable
from networks.types import Author, Incoming, Kind
from organisation import audit, bulk
from organisation.audit import step
from organisation.clock import database_now

log = logging.getLogger(__name__)

BELIEVED_AGAIN = timedelta(days=1)

RETURNED = audit.tell("mention.returned", _("This message is on the network again, and its text is back"))
EDITED = audit.tell("mention.edited", _("The citizen changed this message on the network"))
INGEST_LOCK = 0x4D454E54  # "MENT": with the account's id, orders those who store for one account
SEARCH_LOCK = 0x48495453  # "HITS": with the network, orders those who store what watches found
LONGEST_AUTHOR = 200


@step
def receive(*, account: Account, items: Iterable[Incoming], watch: Watch | None = None) -> int:
    """Stores what is new, and the changes of what is known; how many messages were new.

    What the account answered itself is no message to it: whoever listens is told, after the messages that came along.

    What a watch finds is left out where another account of the organisation has it, or will: a citizen is owed one
    answer. What was erased since its time was over stays so, whoever is told of it again. Safe to repeat, and for two
    workers at once: whoever stores for an account waits for the other.
    """
    if watch is not None:
        # First, so that two watches of two accounts that find the same message store it one after the other.
        _wait(SEARCH_LOCK, crc32(account.network.encode()))
    _wait(INGEST_LOCK, account.pk)
    told = {item.ref.id: item for item in reversed(list(items)) if _is_storable(item)}
    told = _with_authors(account, told)
    answers = [item for item in told.values() if item.kind == Kind.ANSWER and item.author.id == account.remote_id]
    answers.sort(key=lambda item: item.created_at)
    own = set(_own_ids(account))
    told = {key: item for key, item in told.items() if item.author.id not in own and item.kind != Kind.ANSWER}
    there = Mention.objects.filter(account=account, item__remote_id__in=told, **heard_at(account))
    known = set(there.order_by().values_list("item__remote_id", flat=True))
    over = Erasure.among(erasure_place(account), [key for key in told if key not in known])
    told = {key: item for key, item in told.items() if key not in over}
    hits = [item for key, item in told.items() if key not in known and item.kind == Kind.SEARCH_HIT]
    elsewhere = covered_by_other_account(account, hits) if hits else set()
    kept = {key: item for key, item in told.items() if key not in elsewhere}
    new = _keep(account, watch, kept, known, answers)
    for listener in listeners() if answers else ():
        listener.answered(account, answers)
    if watch is not None:
        found_by(watch, told)
    return new


def _with_authors(account: Account, told: dict[str, Incoming]) -> dict[str, Incoming]:
    """Whose author the network does not tell is owed an answer too: by a name of their own in each message, for nobody
    knows which of them are the same person's. Without what we sent ourselves, which it tells as little of."""
    nobodys = [key for key, item in told.items() if not item.author.id]
    if not nobodys:
        return told
    sent = Delivery.objects.filter(account=account)
    ours = set(sent.filter(remote_id__in=nobodys).values_list("remote_id", flat=True))
    # On the network perhaps, by a name that nobody knows yet: what says the same is left for a look back.
    contents = sent.filter(state__in=(DeliveryState.SENDING, DeliveryState.UNKNOWN)).values_list("content", flat=True)
    going = {comparable(compose(as_draft(content), account.network).text) for content in contents}
    ours |= {key for key in nobodys if going and comparable(told[key].text) in going}
    named = {key: replace(told[key], author=replace(told[key].author, id=untold(key))) for key in nobodys}
    return {key: named.get(key, item) for key, item in told.items() if key not in ours}


def _keep(
    account: Account,
    watch: Watch | None,
    told: dict[str, Incoming],
    before: Collection[str],
    answers: Sequence[Incoming],
) -> int:
    """In a handful of writes, however many messages there are; how many are new to `account`. What stood here `before`
    and stands no more was erased at this very moment, and stays so."""
    now = database_now()
    kept = keep_items(place_of(account), told, now)
    there = [kept.items[key].pk for key in kept.known]
    mine = Mention.objects.filter(account=account, item__in=there).order_by("pk")
    known = {mention.item_id: mention for mention in mine.select_for_update(of=("self",), no_key=True)}
    new = []
    erased = []
    for key, item in kept.items.items():
        mention = known.get(item.pk)
        if mention is not None:
            mention.item, mention.account = item, account
            if not _is_told_in_vain(mention, now):
                refresh(mention, told[key])
            continue
        if key in before:
            erased.append(item.pk)
            continue
        if key in kept.known:
            _renew(item, told[key])
        new.append((item, told[key]))
    if erased:
        let_go(erased)
    new.sort(key=lambda pair: pair[1].created_at)
    mentions = bulk.insert(_mention(account, watch, item, one, now) for item, one in new)
    told_at_last(account, [item for item, one in new if one.ref.id not in kept.known])
    heard = [Heard(mention, _author(one)) for mention, (_item, one) in zip(mentions, new, strict=True)]
    for listener in listeners() if heard else ():
        listener.heard(account, heard, answers)
    return len(new)


def check_every(account: Account) -> timedelta:
    """How often a message to `account` is read again: as its network's limits and prices leave room for."""
    return timedelta(days=network(account.network).capabilities.recheck_days)


def _wait(lock: int, which: int) -> None:
    """Until nobody else holds `lock` for `which`; ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock, which % 2**31])


def _renew(item: Item, told: Incoming) -> frozenset[str]:
    """What of a locked item is something else now; whoever heard it is told."""
    changed = renew(item, told)
    if {"text", "audience", "warning"} & changed:
        for mention in item.mentions.filter(gone_at__isnull=True).select_related("account").order_by("pk"):
            for listener in listeners():
                listener.changed(mention, is_reworded="text" in changed)
    return changed


def refresh(mention: Mention, told: Incoming) -> None:
    """A known, locked message as the network shows it now. A search hit that turns out to address us becomes a mention;
    that the network once kept it back stays known."""
    if mention.gone_at is not None:
        _take_back(mention, told)
    elif "text" in _renew(mention.item, told):
        audit.record(verb=EDITED, thing=mention, by=None)
    is_addressed = mention.kind == Kind.SEARCH_HIT and told.kind != Kind.SEARCH_HIT
    facts = {"kind": told.kind.value if is_addressed else mention.kind, "filtered": mention.filtered or told.filtered}
    changed = [name for name, value in facts.items() if getattr(mention, name) != value]
    for name in changed:
        setattr(mention, name, facts[name])
    if changed:
        mention.save(update_fields=changed)


def _is_told_in_vain(mention: Mention, now: datetime) -> bool:
    """A list goes on telling of what its network says is gone, whenever that is looked at. It is believed once a day;
    a look at the message itself always is."""
    back = mention.returned_at
    return mention.gone_at is not None and back is not None and now - back < BELIEVED_AGAIN


def _take_back(mention: Mention, told: Incoming) -> None:
    """It was found deleted, and is there: a server was in trouble, or its author hid it for a while. It is looked at
    once more soon, where that is free: a list may still tell of what its network has deleted."""
    _renew(mention.item, told)
    again = check_every(mention.account) if costs(mention.account) else timedelta(0)
    Mention.objects.filter(pk=mention.pk).update(gone_at=None, returned_at=Now(), check_at=Now() + again)
    mention.gone_at = None
    audit.record(verb=RETURNED, thing=mention, by=None)
    for listener in listeners():
        listener.returned(mention, _author(told))


def _is_storable(item: Incoming) -> bool:
    """False where a name of the message, its thread or its author is none that a network gives.

    Anybody may publish such a thing; it must not keep everybody else's messages out.
    """
    names = [item.author.id, *(ref.id for ref in (item.ref, item.parent, item.root) if ref is not None)]
    if all(is_name(name) for name in names):
        return True
    log.warning("left out a message whose names cannot be kept")
    return False


def _own_ids(account: Account) -> Iterable[str]:
    """What our own accounts on this server say is not a citizen's."""
    same = Account.objects.filter(network=account.network, base_url=account.base_url).exclude(remote_id="")
    return same.order_by().values_list("remote_id", flat=True)


def _author(item: Incoming) -> Author:
    """As its columns hold it, wherever it is kept."""
    told = item.author
    return Author(
        id=told.id,
        handle=clean(told.handle)[:LONGEST_AUTHOR],
        name=clean(told.name)[:LONGEST_AUTHOR],
    )


def _mention(account: Account, watch: Watch | None, item: Item, told: Incoming, now: datetime) -> Mention:
    return Mention(
        item=item,
        account=account,
        watch=watch,
        kind=told.kind.value,
        filtered=told.filtered,
        sent_at=item.sent_at,
        # What was told in short is looked at next, where that is free.
        check_at=now if told.in_short and not costs(account) else now + check_every(account),
        purge_after=timezone.localdate(now + RETENTION, timezone=account.unit.zone),
    )
