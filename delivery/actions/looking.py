"""What became of sends whose outcome nobody knows: look on the network, never send."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts_registry import vault
from accounts_registry.actions import count_reading, keep_fresh, mark_connection_broken
from accounts_registry.queries import connector_for
from delivery.actions.claiming import Busy, pass_over
from delivery.actions.lock_timeout import short_lock_timeout
from delivery.actions.paying import give_back
from delivery.actions.settling import (
    bears_a_name,
    is_taken,
    locked_claim,
    publication,
    retry_on_lost_connection,
    shortfall,
    uncertainty,
)
from delivery.actions.witnessing import agrees
from delivery.content import as_draft
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Outcome, Trouble
from delivery.models import Attempt, Delivery
from delivery.origins import origin_of, registered
from delivery.queries import key_of, stranded, to_look_for
from networks.errors import AuthExpired, NetworkError
from networks.kinds import Purpose
from networks.types import Finding, PostRef, Presence
from organisation import due
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now
from organisation.due import unlocked_first

log = logging.getLogger(__name__)

SHORTEST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)


def give_up_stranded() -> int:
    """Sends whose worker did not come back within its lease become uncertain; says how many."""
    count, passing_over = 0, set[int]()
    while True:
        try:
            if not _give_up_one(passing_over):
                return count
        except Busy as busy:
            pass_over(busy, passing_over)
        else:
            count += 1


@action
def _give_up_one(passing_over: set[int]) -> bool:
    line = stranded().filter(origin_kind__in=registered()).exclude(pk__in=passing_over)
    delivery = unlocked_first(line.select_related("unit"))
    if delivery is None:
        return False
    open_attempt = Attempt.objects.filter(delivery=delivery, epoch=delivery.epoch, outcome="")
    open_attempt.update(finished_at=Now(), outcome=Outcome.UNKNOWN, detail=Trouble.WORKER_LOST)
    changes = uncertainty(Trouble.WORKER_LOST, "")
    perform(DELIVERY_LIFECYCLE, "lose", delivery, by=None, changes=changes, details={"epoch": delivery.epoch})
    try:
        with short_lock_timeout():
            origin_of(delivery).settled(delivery)
    except Exception as error:
        raise Busy(delivery.pk) from error
    return True


def look_for_next() -> bool:
    """Looks for one uncertain delivery on its network; False when there is none to look for now."""
    delivery = _take()
    if delivery is None:
        return False
    try:
        if not delivery.account.may_be_looked_at:
            _remark(delivery, Trouble.NOT_CONNECTED)
        elif not delivery.is_as_approved:  # one would look for something else than what was sent
            _remark(delivery, Trouble.NOT_APPROVED)
        else:
            _look(delivery)
    except Exception:
        log.exception("delivery %s: looking for it failed", delivery.pk)
    return True


@transaction.atomic
def _take() -> Delivery | None:
    """The next one to look for, its next look already set: whoever dies looking loses nothing."""
    line = to_look_for().filter(origin_kind__in=registered()).select_related("account", "account__unit", "unit")
    delivery = unlocked_first(line)
    if delivery is not None:
        now = database_now()
        waited = now - (delivery.unknown_at or now)
        pause = min(max(waited / 2, SHORTEST_WAIT), LONGEST_WAIT)
        Delivery.objects.filter(pk=delivery.pk).update(not_before=now + pause)
    return delivery


def _look(delivery: Delivery) -> None:
    used = None
    try:
        keep_fresh(account=delivery.account, purpose=Purpose.WRITE)
        connector = connector_for(delivery.account)
        used = connector.account
        key = replace(key_of(delivery), looked_at=database_now())
        finding = connector.reconcile(as_draft(delivery.content), key)
    except AuthExpired as error:
        mark_connection_broken(account=delivery.account, code=error.code, purpose=Purpose.WRITE, used=used)
        _remark(delivery, Trouble.NOT_CONNECTED)
    except vault.Broken:
        mark_connection_broken(account=delivery.account, code="vault_broken")
        _remark(delivery, Trouble.NOT_CONNECTED)
    except NetworkError as error:
        log.info("delivery %s: no look possible now: %s", delivery.pk, error.code)
        _remark(delivery, Trouble.NOT_SURE)
    else:
        count_reading(account=delivery.account, others=finding.read, users=finding.users)
        _conclude(delivery, finding)


def _conclude(delivery: Delivery, finding: Finding) -> None:
    ref = finding.ref
    if finding.presence is Presence.PRESENT and ref is not None and bears_a_name(ref):
        if is_taken(delivery, ref):
            _remark(delivery, Trouble.TAKEN)
        else:
            retry_on_lost_connection(lambda: _found(delivery, ref))
    elif finding.presence is Presence.ABSENT:
        retry_on_lost_connection(lambda: _cleared(delivery))
    else:
        _remark(delivery, Trouble.NOT_SURE)


def _found(delivery: Delivery, ref: PostRef) -> None:
    _resolve(delivery=delivery, edge="find", changes=publication(ref, key_of(delivery).last_sent_at))


def _cleared(delivery: Delivery) -> None:
    """Certainly not there: due again, with the same identity."""
    changes = {"not_before": None, "unknown_at": None, "problem_code": "", "problem_detail": ""}
    _resolve(delivery=delivery, edge="clear", changes=changes)


@action
def _resolve(*, delivery: Delivery, edge: str, changes: dict[str, Any]) -> None:
    """Writes what the look told, unless a person or another worker has resolved it meanwhile."""
    mine = locked_claim(delivery, DeliveryState.UNKNOWN)
    if mine is not None:
        facts = {"epoch": mine.epoch, **shortfall(changes)}
        perform(DELIVERY_LIFECYCLE, edge, mine, by=None, changes=changes, details=facts)
        if mine.state == DeliveryState.DUE:
            give_back(mine, epochs=list(mine.attempts.values_list("epoch", flat=True)))
        with short_lock_timeout():
            origin_of(mine).settled(mine)


def _remark(delivery: Delivery, code: str) -> None:
    """What keeps us from knowing, for the page that asks a person. The state stays."""
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.UNKNOWN).update(problem_code=code)


def look_for_the_unknown(*, seconds: float) -> None:
    """Gives up what is stranded and looks for all that is uncertain, for at most `seconds`. A copy does not look."""
    give_up_stranded()
    if agrees():
        due.work(look_for_next, seconds=seconds)
