"""Claim, look once more, call once, write what happened."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

from django.conf import settings
from django.db import connection

from accounts_registry import vault
from accounts_registry.actions import count_reading, keep_fresh, mark_connection_broken, note_reached, note_unreachable
from accounts_registry.enums import CONNECTION_PROBLEMS
from accounts_registry.queries import connector_for
from delivery.actions.claiming import claim, expire_late
from delivery.actions.settling import hand_back, retry_on_lost_connection, settle, settle_published, settle_unknown
from delivery.actions.witnessing import Elsewhere, agrees, move
from delivery.content import MediaChanged, as_draft, files_of, is_intact, require_media
from delivery.enums import Outcome, Trouble
from delivery.models import Delivery
from delivery.origins import backed_among, origin_of
from delivery.queries import lease_of, sending_may_go_on, to_claim
from delivery.queries.addresses import address_of
from delivery.witness import Away
from networks.errors import (
    Duplicate,
    Gone,
    NetworkError,
    NotApplied,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Withheld,
)
from networks.kinds import Purpose
from networks.port import Connector
from networks.types import AccountRef, AttemptKey, Draft, Presence
from organisation import due
from organisation.audit import action
from organisation.clock import database_now
from organisation.kept_statements import by_the_server

log = logging.getLogger(__name__)

BACKOFF = due.Backoff(timedelta(seconds=5), timedelta(minutes=10))
FILMS_AT_ONCE = 2  # by one run: each fills a line to the network for minutes
# What says that the account cannot act at all. Its deliveries wait, still due, until somebody connects it again.
# (`gone` is about one message here: the one to answer.)
CUT_OFF = set(CONNECTION_PROBLEMS) - {Gone.code}


class _Senders:
    """The threads of this process that send, in all its runs together."""

    def __init__(self) -> None:
        self._lock, self._busy = Lock(), 0

    def free(self, most: int) -> int:
        """How many of `most` are idle."""
        with self._lock:
            return max(0, most - self._busy)

    @contextmanager
    def at_work(self, wanted: int, most: int) -> Iterator[int]:
        """So many of `most` as are idle, at most `wanted`, until the end of the block."""
        with self._lock:
            taken = max(0, min(wanted, most - self._busy))
            self._busy += taken
        try:
            yield taken
        finally:
            with self._lock:
                self._busy -= taken


_senders, _film_senders = _Senders(), _Senders()


def send_what_is_due(*, seconds: float, films: bool | None = None) -> None:
    """Sends until nothing is due or `seconds` have passed. Many may run at once, in threads, processes and machines;
    those of one process share its threads, and one that finds none idle goes home.

    `films`: only what carries one, or only the rest, so that long uploads do not keep words waiting.
    """
    senders, most = (_film_senders, FILMS_AT_ONCE) if films else (_senders, settings.DELIVERY_THREADS)
    if not senders.free(most):
        return
    may_act = agrees()
    expire_late()
    if not may_act:
        return
    wanted = len(to_claim(films=films).values_list("pk", flat=True)[: senders.free(most)])
    with senders.at_work(wanted, most) as threads:
        _run(Line(films=films), seconds, threads)


def _run(line: Line, seconds: float, threads: int) -> None:
    if threads == 1:
        _work(line, seconds)
    elif threads:
        with ThreadPoolExecutor(threads, thread_name_prefix="sender") as pool:
            for done in [pool.submit(_work_in_thread, line, seconds) for _thread in range(threads)]:
                done.result()


def _work_in_thread(line: Line, seconds: float) -> None:
    try:
        with by_the_server():
            _work(line, seconds)
    finally:
        connection.close()  # each thread has its own, which nobody would close after it


def _work(line: Line, seconds: float) -> None:
    due.work(lambda: send_next(line), seconds=seconds)


class Line:
    """What the threads of one run send. One of them claims for as many as wait for it, in one transaction; the witness
    shows their claims before any of them goes on. Nothing that is claimed waits for a thread.

    `films`: as in `to_claim`. `passing_over`: ids of what this run leaves alone.
    """

    def __init__(self, *, films: bool | None = None, passing_over: set[int] | None = None) -> None:
        self.films = films
        self.passing_over = set() if passing_over is None else passing_over
        self._counting, self._claiming = Lock(), Lock()
        self._waiting = 0
        self._claimed: deque[tuple[Delivery, float]] = deque()

    def next(self) -> tuple[Delivery, float] | None:
        """One delivery, claimed, and the moment before its claim by a clock that nobody sets; None where there is none
        to take, or nothing may be sent from here."""
        with self._counting:
            self._waiting += 1
        with self._claiming:
            try:
                if not self._claimed:
                    self._claim()
                return self._claimed.popleft() if self._claimed else None
            finally:
                with self._counting:
                    self._waiting -= 1

    def _claim(self) -> None:
        began = time.monotonic()
        claimed = claim(most=self._waiting, passing_over=self.passing_over, films=self.films)
        if claimed and _witnessed(claimed):
            self._claimed.extend((one, began) for one in claimed)


def send_next(line: Line) -> bool:
    """Takes one delivery through; False when there was none to take, or nothing may be sent from here."""
    taken = line.next()
    if taken is None:
        return False
    delivery, began = taken
    with due.returnable(lambda: _hand_back(delivery)) as claimed:
        if due.is_ending():
            return False
        try:
            _send(delivery, claimed, begin_before=began + lease_of(delivery).total_seconds())
        except Exception:
            # Its lease runs out, and Parvis looks on the network; the line goes on with the next.
            log.exception("delivery %s: sending broke off", delivery.pk)
    return True


def _witnessed(deliveries: Sequence[Delivery]) -> bool:
    """The witness shows these claims, or nothing is sent: neither they nor, in this run, any others."""
    try:
        move(max((one.counted for one in deliveries if one.counted), key=lambda counted: counted.stand.number))
    except (Away, Elsewhere) as stopped:
        log.warning("deliveries %s: held back, %s", [one.pk for one in deliveries], type(stopped).__name__)
    except Exception:
        log.exception("deliveries %s: the witness could not be told", [one.pk for one in deliveries])
    else:
        return True
    for one in deliveries:
        _hand_back(one)
    agrees()
    return False


def _send(delivery: Delivery, claim: due.Claim, *, begin_before: float) -> None:
    """A worker told to end hands the claim back until the write begins, and from then on waits for what comes of it."""

    def may_write() -> bool:
        return claim.begin() and _still_wanted(delivery)

    assert delivery.first_attempt_at is not None  # since its first claim
    key = AttemptKey(
        delivery.key,
        delivery.first_attempt_at,
        sent_at=delivery.lease_until,  # when this attempt can have written last
        begin_before=begin_before,
        still_wanted=may_write,
    )
    try:
        require_media(delivery.content)
        draft = as_draft(delivery.content, address_of(delivery))
        keep_fresh(account=delivery.account, purpose=Purpose.WRITE)
        connector = connector_for(delivery.account)
    except NotApplied as error:
        _not_applied(delivery, error)  # the token is over, and no new one is to be had now
        return
    except MediaChanged as changed:
        _fail(delivery, Trouble.MEDIA_CHANGED, str(changed))
        return
    except vault.Broken:
        retry_on_lost_connection(lambda: _cut_off(delivery, "vault_broken", ""))
        return
    if delivery.is_reply:
        _look_once_more(delivery, connector)
    # Before anything is carried over or asked; where nothing is, the write begins with the same look.
    if (any(files_of(delivery.content)) or delivery.is_reply) and not _still_wanted(delivery):
        _hand_back(delivery)
        return
    _call(delivery, connector, draft, key)


def _look_once_more(delivery: Delivery, connector: Connector) -> None:
    """Where nobody can say what became of the question, the answer goes out as it was approved."""
    try:
        origin_of(delivery).look(delivery, connector)
    except Exception:
        log.warning("delivery %s: what it answers could not be looked at", delivery.pk, exc_info=True)


def _still_wanted(delivery: Delivery) -> bool:
    """Ours, not frozen, to the letter and the byte what was approved, by somebody who still may."""
    return (
        sending_may_go_on(delivery=delivery)
        and all(is_intact(file) for file in files_of(delivery.content))
        and delivery.pk in backed_among([delivery])
    )


def _call(delivery: Delivery, connector: Connector, draft: Draft, key: AttemptKey) -> None:
    try:
        ref = connector.publish(draft, key)
    except Duplicate as error:
        _compare(delivery, connector, draft, key, error)
    except Withheld:
        _hand_back(delivery)
    except NotApplied as error:
        _not_applied(delivery, error, connector.account)
    except Exception as error:
        # Whatever it was, it came after the call began: it may have reached the network.
        if not isinstance(error, OutcomeUnknown):
            log.exception("delivery %s: the connector failed unexpectedly", delivery.pk)
        detail = error.detail if isinstance(error, NetworkError) else type(error).__name__
        retry_on_lost_connection(lambda: settle_unknown(delivery=delivery, code=Trouble.OUTCOME_UNKNOWN, detail=detail))
    else:
        retry_on_lost_connection(lambda: settle_published(delivery=delivery, ref=ref))
        note_reached(account=delivery.account)


def _hand_back(delivery: Delivery) -> None:
    retry_on_lost_connection(lambda: hand_back(delivery=delivery))


def _compare(delivery: Delivery, connector: Connector, draft: Draft, key: AttemptKey, error: Duplicate) -> None:
    """The network holds the same message already: ours, from an earlier attempt, or somebody else's?"""
    try:
        finding = connector.reconcile(draft, key)
    except Exception:
        log.warning("delivery %s: a duplicate could not be compared", delivery.pk, exc_info=True)
        retry_on_lost_connection(lambda: settle_unknown(delivery=delivery, code=Duplicate.code, detail=error.detail))
        return
    count_reading(account=delivery.account, others=finding.read, users=finding.users)
    ref = finding.ref
    if finding.presence is Presence.PRESENT and ref is not None:
        retry_on_lost_connection(lambda: settle_published(delivery=delivery, ref=ref))
    elif finding.presence is Presence.ABSENT:  # alone what is certainly not ours may fail
        _fail(delivery, Duplicate.code, error.detail)
    else:
        retry_on_lost_connection(lambda: settle_unknown(delivery=delivery, code=Duplicate.code, detail=error.detail))


def _not_applied(delivery: Delivery, error: NotApplied, used: AccountRef | None = None) -> None:
    if error.code in CUT_OFF:
        retry_on_lost_connection(lambda: _cut_off(delivery, error.code, error.detail, used))
    elif isinstance(error, Rejected):
        _fail(delivery, error.code, error.detail)
    else:
        if isinstance(error, Unavailable):
            retry_on_lost_connection(lambda: note_unreachable(account=delivery.account))
        retry_at = error.retry_at if isinstance(error, RateLimited) else None
        changes = {
            "not_before": BACKOFF.next_try(delivery.tries, now=database_now(), retry_at=retry_at),
            "tries": delivery.tries + 1,
            "problem_code": error.code,
            "problem_detail": error.detail,
        }
        retry_on_lost_connection(
            lambda: settle(delivery=delivery, edge="retry", outcome=Outcome.LATER, detail=error.detail, changes=changes)
        )


@action
def _cut_off(delivery: Delivery, code: str, detail: str, used: AccountRef | None = None) -> None:
    changes = {"problem_code": code, "problem_detail": detail}
    settle(delivery=delivery, edge="retry", outcome=Outcome.REFUSED, detail=detail, changes=changes)
    mark_connection_broken(account=delivery.account, code=code, purpose=Purpose.WRITE, used=used)


def _fail(delivery: Delivery, code: str, detail: str) -> None:
    changes = {"problem_code": code, "problem_detail": detail[:500]}
    retry_on_lost_connection(
        lambda: settle(delivery=delivery, edge="fail", outcome=Outcome.REFUSED, detail=detail, changes=changes)
    )
