"""Claim, look once more, call once, write what happened."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import connection

from accounts_registry import vault
from accounts_registry.actions import count_reading, keep_fresh, mark_connection_broken, note_reached, note_unreachable
from accounts_registry.enums import CONNECTION_PROBLEMS
from accounts_registry.queries import connector_for
from delivery.actions.claiming import claim_next, expire_late
from delivery.actions.settling import hand_back, retry_on_lost_connection, settle, settle_published, settle_unknown
from delivery.actions.witnessing import Elsewhere, agrees, move
from delivery.content import MediaChanged, as_draft, is_intact, require_media
from delivery.enums import Outcome, Trouble
from delivery.models import Delivery
from delivery.origins import origin_of
from delivery.queries import key_of, lease_of, sending_may_go_on, to_claim
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

log = logging.getLogger(__name__)

BACKOFF = due.Backoff(timedelta(seconds=5), timedelta(minutes=10))
FILMS_AT_ONCE = 2  # by one run: each fills a line to the network for minutes
# What says that the account cannot act at all. Its deliveries wait, still due, until somebody connects it again.
# (`gone` is about one message here: the one to answer.)
CUT_OFF = set(CONNECTION_PROBLEMS) - {Gone.code}


def send_what_is_due(*, seconds: float, films: bool | None = None) -> None:
    """Sends until nothing is due or `seconds` have passed. Many may run at once, in threads, processes and machines.

    `films`: only what carries one, or only the rest, so that long uploads do not keep words waiting.
    """
    may_act = agrees()
    expire_late()
    if not may_act:
        return
    most = FILMS_AT_ONCE if films else settings.DELIVERY_THREADS
    lines = len(to_claim(films=films).values_list("pk", flat=True)[:most])
    if lines <= 1:
        _work(seconds, films)
        return
    with ThreadPoolExecutor(lines, thread_name_prefix="sender") as pool:
        for done in [pool.submit(_work_in_thread, seconds, films) for _line in range(lines)]:
            done.result()


def _work_in_thread(seconds: float, films: bool | None) -> None:
    try:
        _work(seconds, films)
    finally:
        connection.close()  # each thread has its own, which nobody would close after it


def _work(seconds: float, films: bool | None) -> None:
    passing_over: set[int] = set()
    due.work(lambda: send_next(passing_over=passing_over, films=films), seconds=seconds)


def send_next(*, passing_over: set[int], films: bool | None = None) -> bool:
    """Takes one delivery through; False when there was none to take, or nothing may be sent from here."""
    # Counted from before the claim, by a clock that nobody sets: a worker stopped and woken later writes nothing more.
    began = time.monotonic()
    delivery = claim_next(passing_over=passing_over, films=films)
    if delivery is None:
        return False
    with due.returnable(lambda: _hand_back(delivery)) as claim:
        if due.is_ending() or not _witnessed(delivery):
            return False
        try:
            _send(delivery, claim, begin_before=began + lease_of(delivery).total_seconds())
        except Exception:
            # Its lease runs out, and Parvis looks on the network; the line goes on with the next.
            log.exception("delivery %s: sending broke off", delivery.pk)
    return True


def _witnessed(delivery: Delivery) -> bool:
    """The witness shows this claim, or nothing is sent: neither this delivery nor, in this run, any other."""
    try:
        if delivery.counted is not None:
            move(delivery.counted)
            return True
    except (Away, Elsewhere) as stopped:
        log.warning("delivery %s: held back, %s", delivery.pk, type(stopped).__name__)
    except Exception:
        log.exception("delivery %s: the witness could not be told", delivery.pk)
    _hand_back(delivery)
    agrees()
    return False


def _send(delivery: Delivery, claim: due.Claim, *, begin_before: float) -> None:
    """A worker told to end hands the claim back until the write begins, and from then on waits for what comes of it."""

    def may_write() -> bool:
        return claim.begin() and _still_wanted(delivery)

    key = replace(key_of(delivery), begin_before=begin_before, still_wanted=may_write)
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
    if not _still_wanted(delivery):  # before anything is carried over
        _hand_back(delivery)
        return
    _call(delivery, connector, draft, key)


def _still_wanted(delivery: Delivery) -> bool:
    """Ours, not frozen, to the letter and the byte what was approved, by somebody who still may."""
    files = [one for medium in delivery.content["media"] for one in (medium, *medium.get("captions", ()))]
    return (
        sending_may_go_on(delivery=delivery)
        and all(is_intact(file) for file in files)
        and origin_of(delivery).still_backed(delivery)
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
