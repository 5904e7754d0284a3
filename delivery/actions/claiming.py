"""Deliveries out of the line: the intent is written, and the approval checked, before any network is called."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from django.db import OperationalError

from accounts_registry.actions import LOOK_AGAIN, OutOfBudget
from approvals.queries import cleared
from delivery.actions.lock_timeout import short_lock_timeout
from delivery.actions.paying import pay_for
from delivery.actions.witnessing import begin_attempts
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Trouble
from delivery.models import Delivery
from delivery.origins import backed_among, by_origin, origin_of
from delivery.queries import in_line, lease_of, of_idle_accounts, too_late
from organisation import locks
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now
from organisation.due import unlocked_first

log = logging.getLogger(__name__)

LATE_A_RUN = 200
LOOKS_A_CLAIM = 3  # for messages of one idle account each, before those of busy ones


class Busy(Exception):
    """These deliveries cannot be taken now, or not together; the cause says why where there is one."""

    def __init__(self, *pks: int) -> None:
        super().__init__(*pks)
        self.pks = pks


def claim(*, most: int, passing_over: set[int], films: bool | None = None) -> list[Delivery]:
    """The oldest due deliveries, `most` of them or fewer, now `sending` under a lease of ours; empty when nothing is
    left to take.

    Accounts for which nobody is sending come first, with one delivery each. `films`: as in `to_claim`.
    All are claimed in one transaction; where that fails for one of them, each in its own. Deliveries that cannot be
    taken just now (somebody edits the message) are added to `passing_over`. Those whose approval is gone are cancelled
    on the way.
    """
    claimed: list[Delivery] = []
    together = most
    while len(claimed) < most:
        try:
            taken = _claim(together, passing_over, films)
        except Busy as busy:
            if together == 1:
                pass_over(busy, passing_over)
            together = 1
            continue
        claimed += [one for one in taken if one.state == DeliveryState.SENDING]
        if not taken or (claimed and together > 1):
            break
    return claimed


def pass_over(busy: Busy, passing_over: set[int]) -> None:
    """One that cannot be taken, whatever breaks off there, keeps no other waiting."""
    passing_over.update(busy.pks)
    known = isinstance(busy.__cause__, OperationalError)
    log.log(logging.INFO if known else logging.ERROR, "delivery %s left for later", busy.pks[0], exc_info=not known)


@action
def _claim(most: int, passing_over: set[int], films: bool | None) -> list[Delivery]:
    taken = _out_of_line(most, passing_over, films)
    if not taken:
        return []
    try:
        with short_lock_timeout():
            objections = _objections(taken)
        if objections and len(taken) > 1:  # what follows from a refusal may touch the others
            raise Busy(*objections)
        return [_refuse(one, objections[one.pk]) for one in taken] if objections else _begin(taken)
    except Busy:
        raise
    except Exception as error:
        raise Busy(*(one.pk for one in taken)) from error


def _out_of_line(most: int, passing_over: set[int], films: bool | None) -> list[Delivery]:
    """Locked; the first of each idle account, or, where there is none, the first of all."""
    first: dict[int, Delivery] = {}
    for _look in range(LOOKS_A_CLAIM):
        found = of_idle_accounts(most - len(first), but_for=first, passing_over=passing_over, films=films)
        for one in found:
            first.setdefault(one.account_id, one)
        if not found or len(first) == most:
            break
    return [locks.taken(one) for one in list(first.values()) or in_line(most, passing_over=passing_over, films=films)]


def _objections(deliveries: Sequence[Delivery]) -> dict[int, Trouble]:
    """Why some of them may not go out, by their ids. The contents are hashed anew: two stored hashes would agree over a
    content that changed."""
    approved = approved_among(one for one in deliveries if one.is_as_approved)
    backed = backed_among(one for one in deliveries if one.pk in approved)
    return {
        one.pk: Trouble.BACKING_LOST if one.pk in approved else _lapse(one)
        for one in deliveries
        if one.pk not in backed
    }


def _lapse(delivery: Delivery) -> Trouble:
    return Trouble(origin_of(delivery).lapsed(delivery)) if delivery.is_as_approved else Trouble.NOT_APPROVED


def approved_among(deliveries: Iterable[Delivery]) -> set[int]:
    """Ids of those whose exact content is cleared. Asked in a transaction, in which no edit can pass afterwards."""
    matters = {pk: matter for origin, own in by_origin(deliveries) for pk, matter in origin.matters(own).items()}
    found = cleared(matters.values())
    return {pk for pk, matter in matters.items() if matter in found}


def _begin(deliveries: list[Delivery]) -> list[Delivery]:
    """All of them, or none where there are more than one."""
    now, costs = database_now(), {}
    try:
        for one in sorted(deliveries, key=lambda one: one.account_id):  # budgets are locked in one order
            costs[one.pk] = pay_for(one)
    except OutOfBudget as stopped:
        if len(deliveries) > 1:
            raise
        return [_wait_for_money(deliveries[0], stopped.code)]
    for one in deliveries:
        changes = {
            "epoch": one.epoch + 1,
            "lease_until": now + lease_of(one),
            "first_attempt_at": one.first_attempt_at or now,
            "not_before": None,
        }
        perform(DELIVERY_LIFECYCLE, "claim", one, by=None, changes=changes, details={"epoch": changes["epoch"]})
    counted = begin_attempts(deliveries=deliveries, costs=[costs[one.pk] for one in deliveries], started_at=now)
    for one in deliveries:
        one.counted = counted
    return deliveries


def _wait_for_money(delivery: Delivery, code: str) -> Delivery:
    """Stays due, and says why. It goes out by itself once there is money, or is too late one day and asks a person."""
    delivery.not_before, delivery.problem_code = database_now() + LOOK_AGAIN, code
    delivery.save(update_fields=["not_before", "problem_code"])
    return delivery


def _refuse(delivery: Delivery, objection: Trouble) -> Delivery:
    edges = {Trouble.NOT_APPROVED: "void", Trouble.BACKING_LOST: "stop", Trouble.ANSWERED_THERE: "ask"}
    edge = edges.get(objection, "end")
    changes = {"problem_code": objection, "problem_detail": ""}
    perform(DELIVERY_LIFECYCLE, edge, delivery, by=None, changes=changes, details={"reason": objection})
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
            pass_over(busy, passing_over)
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
    except Exception as error:
        raise Busy(delivery.pk) from error
    return delivery
