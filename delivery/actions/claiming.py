"""One delivery out of the line: the intent is written, and the approval checked, before any network is called."""

from __future__ import annotations

import logging

from django.db import OperationalError

from accounts_registry.actions import LOOK_AGAIN, OutOfBudget
from approvals.queries import is_cleared
from delivery.actions.lock_timeout import short_lock_timeout
from delivery.actions.paying import pay_for
from delivery.actions.witnessing import begin_attempt
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Trouble
from delivery.models import Delivery
from delivery.origins import origin_of
from delivery.queries import lease_of, of_idle_accounts, to_claim, too_late
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now
from organisation.due import unlocked_first

log = logging.getLogger(__name__)

LATE_A_RUN = 200


class Busy(Exception):
    """This delivery cannot be taken now; the cause says why."""

    def __init__(self, pk: int) -> None:
        super().__init__(pk)
        self.pk = pk


def claim_next(*, passing_over: set[int], films: bool | None = None) -> Delivery | None:
    """The oldest due delivery, now `sending` under a lease of ours; None when nothing is left to take.

    Accounts for which nobody is sending come first. `films`: as in `to_claim`.
    Deliveries that cannot be taken just now (somebody edits the message) are added to `passing_over`. Those whose
    approval is gone are cancelled on the way.
    """
    while True:
        try:
            delivery = _claim(passing_over, films)
        except Busy as busy:
            passing_over.add(busy.pk)
            known = isinstance(busy.__cause__, OperationalError)
            log.log(logging.INFO if known else logging.ERROR, "delivery %s left for later", busy.pk, exc_info=not known)
            continue
        if delivery is None or delivery.state == DeliveryState.SENDING:
            return delivery


@action
def _claim(passing_over: set[int], films: bool | None) -> Delivery | None:
    line = to_claim(passing_over=passing_over, films=films).select_related("account", "account__unit", "unit")
    delivery = unlocked_first(of_idle_accounts(line)) or unlocked_first(line)
    if delivery is None:
        return None
    try:
        with short_lock_timeout():
            objection = _objection(delivery)
        return _refuse(delivery, objection) if objection else _begin(delivery)
    except Exception as error:
        raise Busy(delivery.pk) from error


def _objection(delivery: Delivery) -> Trouble | None:
    """Why it may not go out. The content is hashed anew: two stored hashes would agree over a content that changed."""
    if not delivery.is_as_approved or not is_approved(delivery):
        return Trouble.NOT_APPROVED
    return None if origin_of(delivery).still_backed(delivery) else Trouble.BACKING_LOST


def is_approved(delivery: Delivery) -> bool:
    """True while exactly its content is cleared. Asked in a transaction, in which no edit can pass afterwards."""
    matter = origin_of(delivery).matter(delivery)
    return matter is not None and is_cleared(matter)


def _begin(delivery: Delivery) -> Delivery:
    now = database_now()
    try:
        cost = pay_for(delivery)
    except OutOfBudget as stopped:
        return _wait_for_money(delivery, stopped.code)
    epoch = delivery.epoch + 1
    changes = {
        "epoch": epoch,
        "lease_until": now + lease_of(delivery),
        "first_attempt_at": delivery.first_attempt_at or now,
        "not_before": None,
    }
    perform(DELIVERY_LIFECYCLE, "claim", delivery, by=None, changes=changes, details={"epoch": epoch})
    delivery.counted = begin_attempt(delivery=delivery, epoch=epoch, started_at=now, cost=cost)
    return delivery


def _wait_for_money(delivery: Delivery, code: str) -> Delivery:
    """Stays due, and says why. It goes out by itself once there is money, or is too late one day and asks a person."""
    delivery.not_before, delivery.problem_code = database_now() + LOOK_AGAIN, code
    delivery.save(update_fields=["not_before", "problem_code"])
    return delivery


def _refuse(delivery: Delivery, objection: Trouble) -> Delivery:
    edge = "void" if objection == Trouble.NOT_APPROVED else "stop"
    perform(DELIVERY_LIFECYCLE, edge, delivery, by=None, changes={"problem_code": objection, "problem_detail": ""})
    origin_of(delivery).settled(delivery)
    return delivery


def expire_late() -> int:
    """Stops what is too old to go out without somebody's word, frozen or not; says how many.

    Where very many are late the next run goes on with them, so that the punctual ones do not wait.
    """
    passing_over: set[int] = set()
    expired = 0
    while len(passing_over) < LATE_A_RUN:
        try:
            delivery = _expire(passing_over)
        except Busy as busy:
            passing_over.add(busy.pk)
            log.info("delivery %s is late and left for later", busy.pk)
            continue
        if delivery is None:
            break
        passing_over.add(delivery.pk)
        expired += 1
    return expired


@action
def _expire(passing_over: set[int]) -> Delivery | None:
    delivery = unlocked_first(too_late(passing_over=passing_over).select_related("unit"))
    if delivery is None:
        return None
    perform(DELIVERY_LIFECYCLE, "expire", delivery, by=None, changes={"problem_code": Trouble.TOO_LATE})
    try:
        with short_lock_timeout():
            origin_of(delivery).settled(delivery)
    except OperationalError as error:
        raise Busy(delivery.pk) from error
    return delivery
