"""Reading the streams of the networks, and the sources: newest first always, every gap remembered until it is closed.

The network is called outside every transaction. Pages and the cursor behind them are written together, and only by
whoever still holds the stream's claim: a crash in between costs a second reading, never a message.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Case, When
from django.db.models.functions import Now

from accounts_registry import vault
from accounts_registry.actions import (
    LOOK_AGAIN,
    OutOfBudget,
    count_reading,
    keep_fresh,
    mark_connection_broken,
    note_reached,
    note_unreachable,
    require_reading,
)
from accounts_registry.queries import connector_for, costs
from monitoring.actions.checking import CHECKED_A_TURN, check_mentions
from monitoring.actions.claiming import SOONEST, UNEXPECTED, Readings
from monitoring.actions.looking_back import LOOK, look_back
from monitoring.actions.reading import read_next
from monitoring.actions.receiving import receive
from monitoring.actions.sources import expire_sources
from monitoring.actions.watching import expire_watches
from monitoring.enums import StreamKind
from monitoring.models import Stream
from monitoring.queries import collecting_watches, due_streams, pullable_accounts
from monitoring.schedule import RETENTION
from networks.errors import Invalid, NetworkError, PermissionMissing, RateLimited, Rejected, Unavailable
from networks.kinds import Purpose
from networks.port import Connector
from networks.prices import users_on
from networks.types import AccountRef, Page
from organisation import due
from organisation.audit import acting
from organisation.clock import database_now
from organisation.due import Lost

log = logging.getLogger(__name__)

STREAMS = Readings(due_streams)
GAP_PAGES = 5
# So many messages are written at once, and nothing that was read stays unwritten for longer while reading goes on.
TOGETHER, UNWRITTEN = 500, 5.0  # messages, seconds
# Between two turns while a gap is open: old messages come in quickly, and leave the network's limits room for new ones.
GAP_PAUSE = timedelta(seconds=10)
# A gap ends after so many fruitless pages in a row: a hundred that are empty, or five on which all is too old.
EMPTY_PAGE, OLD_PAGE, ENOUGH = 1, 20, 100
VAULT_BROKEN = "vault_broken"

Gap = dict[str, str]


def pull_what_is_due(*, seconds: float) -> int:
    """Pulls until nothing is due or `seconds` have passed; how many turns were taken. Many workers may run at once."""
    expire_watches()
    expire_sources()
    _know_all_streams()
    return due.work(pull_next, read_next, seconds=seconds)


def pull_next() -> bool:
    """One turn of the stream that has been due for longest; False when none is due."""
    return STREAMS.turn(_turn, hinted_at=None)


def _know_all_streams() -> None:
    """Every account that tells who mentions it has a stream, and every active watch."""
    accounts = pullable_accounts().exclude(pk__in=Stream.objects.filter(watch__isnull=True).values("account_id"))
    watches = collecting_watches().filter(stream__isnull=True)
    new = [Stream(kind=StreamKind.INBOX, account_id=pk) for pk in accounts.values_list("pk", flat=True)]
    new += [Stream(kind=StreamKind.WATCH, account_id=watch.account_id, watch=watch) for watch in watches]
    Stream.objects.bulk_create(new, ignore_conflicts=True)


def _turn(stream: Stream) -> None:
    used = None
    try:
        keep_fresh(account=stream.account, purpose=Purpose.READ)
        connector = connector_for(stream.account, Purpose.READ)
        used = connector.account
        if stream.watch is None or stream.watch.collects:
            _read(stream, connector)
        if stream.watch is None:
            # Reading on comes before looking back: both draw on what the network allows.
            check_mentions(account=stream.account, connector=connector, most=1 if stream.gaps else CHECKED_A_TURN)
    except OutOfBudget as stopped:
        STREAMS.later(stream, stopped.code, retry_at=database_now() + LOOK_AGAIN)
    except RateLimited as error:
        STREAMS.later(stream, error.code, retry_at=error.retry_at)
    except NetworkError as error:
        _fail(stream, error, used)
    except vault.Broken:
        mark_connection_broken(account=stream.account, code=VAULT_BROKEN)
        STREAMS.fail(stream, VAULT_BROKEN)
    except Lost:
        raise
    except Exception:
        log.exception("stream %s could not be pulled", stream.pk)
        STREAMS.fail(stream, UNEXPECTED)
    else:
        _finish(stream)


@dataclass
class _Unwritten:
    """Pages that were read and are not written yet: a few small ones are written as one, at the cost of one.

    `stream` says already how far was read. Where reading costs money, each page is written by itself: what it cost is
    known before the next one is asked for, and none is paid for twice.
    """

    stream: Stream
    pages: list[Page] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def add(self, page: Page, *, newest: str, gaps: list[Gap]) -> None:
        self.stream.newest, self.stream.gaps = newest, gaps
        self.pages.append(page)
        messages = sum(len(one.items) for one in self.pages)
        if messages >= TOGETHER or time.monotonic() - self.since >= UNWRITTEN or costs(self.stream.account):
            self.write()

    def write(self) -> None:
        pages, self.pages, self.since = self.pages, [], time.monotonic()
        if pages:
            _keep(self.stream, pages)


def _read(stream: Stream, connector: Connector) -> None:
    """The newest page first; then, as far as this turn goes, the newest of the gaps. What was read is kept, however the
    turn ends."""
    unwritten = _Unwritten(stream)
    try:
        _walk(stream, connector, unwritten)
    finally:
        unwritten.write()


def _walk(stream: Stream, connector: Connector, unwritten: _Unwritten) -> None:
    page = _ask(stream, connector, since=stream.newest)
    # An empty page may have others behind it; where such a walk is under way already, it goes on.
    walked = not page.items and any(gap["since"] == stream.newest for gap in stream.gaps)
    opened = [{"since": stream.newest, "older": page.older}] if page.older and not walked else []
    gaps = [*opened, *stream.gaps, *map(dict, look_back(stream))]
    unwritten.add(page, newest=page.newest or stream.newest, gaps=gaps)
    for _page in range(GAP_PAGES):
        if not stream.gaps:
            return
        gap = stream.gaps[0]
        try:
            page = _ask(stream, connector, since=gap["since"], older=gap["older"])
        except (Invalid, Rejected) as error:
            if not gap["older"] or not isinstance(error, Invalid):
                raise
            # The network no longer knows the place: walk the gap again from the top. What is known is not stored twice.
            unwritten.add(Page(()), newest=stream.newest, gaps=[{**gap, "older": ""}, *stream.gaps[1:]])
            continue
        unwritten.add(page, newest=stream.newest, gaps=[*_left(gap, page), *stream.gaps[1:]])


def _left(gap: Gap, page: Page) -> list[Gap]:
    """What is still to be read of `gap` behind `page`: nothing, or one gap.

    A page without anything new enough does not end a gap by itself: what stood there was deleted or is none of ours,
    or it is old while other posts, whose answers come on later pages, are not. Several in a row do.
    """
    fruitless = 0 if _bears(gap, page) else int(gap.get("fruitless", 0)) + (OLD_PAGE if page.items else EMPTY_PAGE)
    if not page.older or fruitless >= ENOUGH:
        return []
    rest = {name: gap[name] for name in ("since", LOOK) if name in gap} | {"older": page.older}
    return [rest | {"fruitless": str(fruitless)} if fruitless else rest]


def _bears(gap: Gap, page: Page) -> bool:
    """Whether `page` holds anything that `gap` is about. One without a floor, the first reading of all, goes back no
    further than messages are kept."""
    if gap["since"]:
        return bool(page.items)
    floor = database_now() - RETENTION
    return any(item.created_at >= floor for item in page.items)


def _ask(stream: Stream, connector: Connector, *, since: str, older: str = "") -> Page:
    require_reading(account=stream.account, at=database_now())
    if stream.watch is not None:
        return connector.search(stream.watch.query, since=since, older=older)
    return connector.inbox(since=since, older=older)


def _keep(stream: Stream, pages: Sequence[Page]) -> None:
    """Writes pages, the newest first, and the cursor behind them in one transaction."""
    with acting():
        STREAMS.hold(stream)
        receive(account=stream.account, items=[item for page in pages for item in page.items], watch=stream.watch)
        returned = sum(page.returned for page in pages)
        mine = returned if stream.watch is None else 0
        others = returned - mine + sum(page.brought for page in pages)
        count_reading(account=stream.account, mentions=mine, others=others, users=sum(map(users_on, pages)))
        STREAMS.go_on(stream, newest=stream.newest, gaps=stream.gaps)


def _finish(stream: Stream) -> None:
    """The network's own cadence, whether it calls us or not; sooner where it told of something during this turn."""
    note_reached(account=stream.account)
    wait = min(stream.cadence, GAP_PAUSE) if stream.gaps else stream.cadence
    again = Case(When(hinted_at__isnull=False, then=Now() + min(wait, SOONEST)), default=Now() + wait)
    STREAMS.finish(stream, next_pull_at=again)


def _fail(stream: Stream, error: NetworkError, used: AccountRef | None) -> None:
    """A network that is away comes back; one that refuses us has to be looked at by a person."""
    log.warning("stream %s: %s", stream.pk, error.code)
    if isinstance(error, Unavailable):
        note_unreachable(account=stream.account)
    elif not (stream.watch and isinstance(error, PermissionMissing)):
        # (That an account may not search says nothing about reading what is said to it.)
        mark_connection_broken(account=stream.account, code=error.code, purpose=Purpose.READ, used=used)
    STREAMS.fail(stream, error.code)
