"""Pictures at citizens' messages come through us: asked for when somebody opens the message, fetched by a worker.

No page of ours loads anything from a network's host, so that no network learns who reads what, and none of a stranger's
bytes reaches a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts_registry.queries import egress
from monitoring.models import Mention, Picture
from monitoring.models.picture import PictureProblem
from networks import pictures
from networks.egress import read_public
from networks.errors import EgressRefused, Invalid, NetworkError
from organisation import due

MOST_TRIES = 3
GONE = (404, 410)

Key = tuple[int, int]  # the item, and which of its attachments


def still_of(part: Mapping[str, Any]) -> str:
    """The address of what can be shown of an attachment: the picture, or the still one of a film; empty where none."""
    return str((part.get("url") if part.get("kind") == "picture" else part.get("preview")) or "")


def ask_for_pictures(mentions: Iterable[Mention]) -> dict[Key, Picture]:
    """The pictures at `mentions` as far as they are here, without their bytes; what is not here yet is asked for. One
    query where all are here, three at most."""
    wanted = {
        (mention.item_id, place): still_of(part)
        for mention in mentions
        for place, part in enumerate(mention.attachments)
        if still_of(part)
    }
    if not wanted:
        return {}
    found = _here(wanted)
    missing = [Picture(item_id=key[0], place=key[1], url=url) for key, url in wanted.items() if key not in found]
    if missing:
        Picture.objects.bulk_create(missing, ignore_conflicts=True)
        found = _here(wanted)
    return found


def _here(wanted: Mapping[Key, str]) -> dict[Key, Picture]:
    rows = Picture.objects.filter(item__in={item for item, _place in wanted}).defer("content")
    return {(one.item_id, one.place): one for one in rows if wanted.get((one.item_id, one.place)) == one.url}


def fetch_pictures(*, seconds: float) -> int:
    """Fetches what somebody waits for; how many."""
    return due.work(lambda: PICTURES.turn(_fetch), seconds=seconds)


def _due() -> QuerySet[Picture]:
    rows = Picture.objects.filter(content__isnull=True, problem="", due_at__lte=Now())
    return rows.select_related("item").order_by("due_at", "pk")


PICTURES: due.Queue[Picture] = due.Queue(
    _due,
    lease=timedelta(minutes=5),  # as many slow redirects as are followed, and its drawing
    backoff=due.Backoff(timedelta(seconds=30), timedelta(minutes=10)),
    next_at="due_at",
    tries="tries",
)


def _fetch(row: Picture) -> None:
    told = dict(enumerate(row.item.attachments)).get(row.place)
    if told is None or still_of(told) != row.url:  # asked for by a page that was read before its author took it away
        Picture.objects.filter(pk=row.pk).delete()
        return
    if row.tries > MOST_TRIES:  # something broke off all of them, and would go on to
        PICTURES.release(row, problem=PictureProblem.AWAY)
        return
    try:
        answer = read_public(egress(), row.url, {"Accept": "image/*"})
        if answer.status in GONE:
            PICTURES.release(row, problem=PictureProblem.GONE)
            return
        if answer.status != 200:
            raise Invalid("picture", f"status {answer.status}")
        shown = pictures.redrawn(answer.body)
    except (Invalid, EgressRefused):
        PICTURES.release(row, problem=PictureProblem.UNREADABLE)
    except NetworkError as error:
        if row.tries >= MOST_TRIES:
            PICTURES.release(row, problem=PictureProblem.AWAY)
        else:
            PICTURES.put_off(row, row.tries, retry_at=getattr(error, "retry_at", None))
    else:
        PICTURES.release(row, content=shown.content, width=shown.width, height=shown.height)
