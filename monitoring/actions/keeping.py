"""What is said is kept once, whoever of us heard it: written in bulk, brought to what its network shows, let go.

Whoever stores locks items in the order of their keys, and a purge passes over what somebody holds: nobody waits in a
circle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from monitoring.models import Entry, Item, Mention, Picture
from monitoring.schedule import said_at
from networks.addresses import kept_address
from networks.types import Attachment, Incoming, Poll
from organisation import bulk
from organisation.clock import database_now

# What the columns of an item hold; whoever writes on a network decides what comes.
LONGEST_ID, LONGEST_CID, LONGEST_TITLE = 300, 200, 300
# What a page of ours can bear, fifty messages at a time. No network lets people write more, but for a few of its own.
LONGEST_TEXT, LONGEST_WARNING, LONGEST_ALT, LONGEST_CHOICE, MOST_PARTS = 20_000, 2_000, 2_000, 200, 20
# Who keeps an item writes whose it is in the same transaction: one that is older and nobody's was passed over.
SETTLED, MOST_PASSED_OVER = timedelta(hours=1), 10_000
NOTHING: dict[str, Any] = {"title": "", "text": "", "warning": "", "attachments": []}
HANGING = ("attachments", "choices", "votes", "poll_ends_at")
NOTHING |= {"choices": [], "votes": [], "poll_ends_at": None}


@dataclass(frozen=True)
class Kept:
    """Locked items by their ids on the network. `known` were here before, and say what they said then."""

    items: dict[str, Item]
    known: frozenset[str]


def keep_items(place: Mapping[str, str], told: Mapping[str, Incoming], now: datetime) -> Kept:
    """The items of `told`, which is by their ids: what was not here yet is kept as it is told."""
    items = _locked(place, told)
    known = frozenset(items)
    # What another worker keeps at this moment is waited for, and what a purge takes away meanwhile comes once more.
    while missing := [told[name] for name in sorted(told) if name not in items]:
        written = bulk.insert([_item(place, one, now) for one in missing], passing_over="remote_id")
        items |= {item.remote_id: item for item in written}  # nobody else sees them yet: they are locked
        if len(written) < len(missing):
            items |= _locked(place, [one.ref.id for one in missing if one.ref.id not in items])
    return Kept(items, known)


def _locked(place: Mapping[str, str], names: Collection[str]) -> dict[str, Item]:
    rows = Item.objects.filter(**place, remote_id__in=list(names)).order_by("pk")
    return {item.remote_id: item for item in rows.select_for_update(no_key=True)}


def renew(item: Item, told: Incoming) -> frozenset[str]:
    """Brings a locked item to what its network shows now; the names of what is something else now. It is no edit where
    one says its words again that was emptied, since its author had taken it away: it stands for nobody then."""
    is_empty = all(getattr(item, name) == nothing for name, nothing in NOTHING.items())
    facts = _content(told)
    if told.audience is None:
        del facts["audience"]
    if told.in_short:
        facts = {name: value for name, value in facts.items() if name not in HANGING}
    for name in ("cid", "url", "language"):
        facts[name] = facts[name] or getattr(item, name)
    changed = [name for name, value in facts.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, facts[name])
    if ("text" in changed or "title" in changed) and not (is_empty and _of_nobody().filter(pk=item.pk).exists()):
        item.edited_at = database_now()
        changed.append("edited_at")
    if changed:
        item.save(update_fields=changed)
    if "attachments" in changed:
        Picture.objects.filter(item=item).delete()
    return frozenset(changed)


def erase_content(item_ids: Collection[int]) -> None:
    """Takes the words out of the items that stand for nobody of us any more: their authors took them away."""
    gone = _of_nobody().filter(pk__in=list(item_ids))
    Picture.objects.filter(item__in=gone).delete()
    gone.update(**NOTHING, url="")  # which on some networks names its author


def _of_nobody() -> QuerySet[Item]:
    """Those that stand on their network for none of us any more."""
    standing = Mention.objects.filter(item=OuterRef("pk"), gone_at__isnull=True)
    return Item.objects.filter(~Exists(standing), ~Exists(Entry.objects.filter(item=OuterRef("pk"))))


def let_go(item_ids: Collection[int]) -> None:
    """Erases the items that nobody of us keeps any more, and the words of those that stand for nobody."""
    free = Item.objects.filter(pk__in=list(item_ids)).order_by("pk").select_for_update(skip_locked=True)
    held = [item.pk for item in free]
    # Asked anew under the lock: whoever would keep one of them waits, and finds it gone.
    nobodys = Item.objects.filter(
        ~Exists(Mention.objects.filter(item=OuterRef("pk"))), ~Exists(Entry.objects.filter(item=OuterRef("pk")))
    )
    nobodys.filter(pk__in=held).delete()
    erase_content(held)


def let_go_of_what_was_passed_over() -> None:
    """Erases what nobody keeps any more, and what somebody held in the moment in which it was let go."""
    nobodys = Item.objects.filter(
        ~Exists(Mention.objects.filter(item=OuterRef("pk"))),
        ~Exists(Entry.objects.filter(item=OuterRef("pk"))),
        received_at__lt=Now() - SETTLED,
    )
    let_go(list(nobodys.order_by("pk").values_list("pk", flat=True)[:MOST_PASSED_OVER]))


def _item(place: Mapping[str, str], told: Incoming, now: datetime) -> Item:
    root = told.root
    return Item(
        **place,
        remote_id=told.ref.id,
        **_content(told),
        parent_id=told.parent.id if told.parent else "",
        root_id=root.id if root else "",
        root_url=kept_address(root.url) if root else "",
        root_cid=_content_id(root.cid) if root else "",
        sent_at=said_at(told.created_at, now),
    )


def _content(told: Incoming) -> dict[str, Any]:
    return {
        "title": clean(told.title)[:LONGEST_TITLE],
        "text": cut(clean(told.text), LONGEST_TEXT),
        "language": clean(told.language)[:10],
        "audience": told.audience.value if told.audience else "",
        "warning": cut(clean(told.warning), LONGEST_WARNING),
        "attachments": [_part(one) for one in told.attachments[:MOST_PARTS]],
        **_poll(told.poll),
        "cid": _content_id(told.ref.cid),
        "url": kept_address(told.ref.url),
    }


def cut(text: str, longest: int) -> str:
    """`text`, or its beginning, which says that there was more: the rest stands on the network."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _part(told: Attachment) -> dict[str, Any]:
    """What hangs at a message, as it is kept: what the network did not tell is left out."""
    facts = {
        "preview": kept_address(told.preview),
        "sensitive": told.sensitive,
        "width": told.width,
        "height": told.height,
        "seconds": told.seconds,
    }
    part = {"kind": told.kind, "url": kept_address(told.url), "alt": cut(clean(told.alt), LONGEST_ALT)}
    return part | {name: value for name, value in facts.items() if value}


def _poll(told: Poll | None) -> dict[str, Any]:
    if told is None:
        return {"choices": [], "votes": [], "poll_ends_at": None}
    return {
        "choices": [cut(clean(one), LONGEST_CHOICE) for one in told.choices[:MOST_PARTS]],
        "votes": list(told.votes[:MOST_PARTS]),
        "poll_ends_at": told.ends_at,
    }


def clean(text: str) -> str:
    """Without what PostgreSQL cannot keep: the NUL, and halves of characters."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def is_name(name: str) -> bool:
    """Whether it may be kept as the name of something on a network."""
    return len(name) <= LONGEST_ID and name.isprintable()


def _content_id(cid: str) -> str:
    return cid if len(cid) <= LONGEST_CID and cid.isprintable() else ""
