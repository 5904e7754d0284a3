"""Reading the sources: each thing that they say once, its changes followed.

The address is called outside every transaction. What was found and the mark behind it are written together, and only
by whoever still holds the claim.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone

from monitoring.actions.claiming import UNEXPECTED, Readings
from monitoring.actions.keeping import is_name, keep_items, renew
from monitoring.models import Entry, Erasure, Source
from monitoring.queries import due_sources, reader_of
from monitoring.queries.places import erasure_place_of_source, place_of_source
from monitoring.schedule import RETENTION
from networks.catalogue import network
from networks.errors import NetworkError, RateLimited
from networks.folding import as_lexemes
from networks.types import Incoming, Page
from organisation import bulk
from organisation.audit import acting
from organisation.clock import database_now
from organisation.due import Lost

log = logging.getLogger(__name__)

ARCHIVE_PAGES = 5
# Nothing is written before all is read, and each page may come as late as five redirects and its answer let it.
SOURCES = Readings(due_sources, lease=timedelta(minutes=16))
LONGEST_TEXT = 5000


def read_next() -> bool:
    """One turn of the source that has been due for longest; False when none is due."""
    return SOURCES.turn(_turn)


def _turn(source: Source) -> None:
    try:
        if source.collects:
            _read(source)
    except RateLimited as error:
        SOURCES.later(source, error.code, retry_at=error.retry_at)
    except NetworkError as error:
        log.warning("source %s: %s", source.pk, error.code)
        SOURCES.fail(source, error.code)
    except Lost:
        raise
    except Exception:
        log.exception("source %s could not be read", source.pk)
        SOURCES.fail(source, UNEXPECTED)
    else:
        wait = timedelta(seconds=network(source.network).capabilities.search_seconds)
        SOURCES.finish(source, next_pull_at=Now() + wait)


def _read(source: Source) -> None:
    """What is new; and where more came since the last reading than the address shows, its archive too."""
    reader, since = reader_of(source), source.newest
    page = reader.search(source.words, since=since)
    items, pages = list(page.items), 1
    while since and page.older and pages < ARCHIVE_PAGES:
        page = reader.search(source.words, since=since, older=page.older)
        items += page.items
        pages += 1
    _keep(source, Page(tuple(items), newest=page.newest), is_first=not since)


def _keep(source: Source, page: Page, *, is_first: bool) -> None:
    with acting():
        SOURCES.hold(source)
        now = database_now()
        # The first reading goes back no further than entries are kept.
        items = [item for item in page.items if not is_first or item.created_at >= now - RETENTION]
        _store(source, items, now)
        SOURCES.go_on(source, newest=page.newest)


def _store(source: Source, items: Iterable[Incoming], now: datetime) -> None:
    """What is known is changed where it says something else; what is new is kept for its time."""
    told = {item.ref.id: replace(item, text=item.text[:LONGEST_TEXT]) for item in items if is_name(item.ref.id)}
    known = set(Entry.objects.filter(source=source, item__remote_id__in=told).values_list("item__remote_id", flat=True))
    over = Erasure.among(erasure_place_of_source(source.pk), (name for name in told if name not in known))
    kept = keep_items(place_of_source(source), {name: item for name, item in told.items() if name not in over}, now)
    until = timezone.localdate(now + RETENTION, timezone=source.unit.zone)
    changed = [
        item for name, item in kept.items.items() if name in kept.known and "edited_at" in renew(item, told[name])
    ]
    Entry.objects.filter(source=source, item__in=changed).update(purge_after=until)
    for item in changed:  # whichever source said it
        Entry.objects.filter(item=item).update(words=as_lexemes(item.title, item.text))
    bulk.insert(
        Entry(
            source=source,
            item=item,
            published_at=item.sent_at,
            purge_after=until,
            words=as_lexemes(item.title, item.text),
        )
        for name, item in kept.items.items()
        if name not in known
    )
