"""What became of an attempt, written by whoever still holds the claim."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.db.models import BigIntegerField, CharField, IntegerField
from django.db.models.functions import Now

from delivery.actions.paying import FREE, give_back
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Outcome, Trouble
from delivery.models import Attempt, Delivery
from delivery.origins import origin_of
from networks.addresses import kept_address
from networks.types import PostRef
from organisation import locks
from organisation.actions import perform
from organisation.audit import action, step
from organisation.clock import database_now
from organisation.prepared import Prepared, Slot

log = logging.getLogger(__name__)

TRIES = 6
LONGEST_ID, LONGEST_CID = 300, 120


def retry_on_lost_connection(write: Callable[[], Any]) -> None:
    """Writes, again after a lost connection or a deadlock, for some seconds. Afterwards the lease takes over."""
    for waited in range(TRIES):
        try:
            write()
        except (OperationalError, InterfaceError) as error:
            log.warning("a result could not be written: %s", error)
            connection.close_if_unusable_or_obsolete()
            time.sleep(0.1 * 2**waited)
        else:
            return
    log.error("a result was not written; the delivery's lease will run out, and Parvis will look on the network")


@step
def settle(
    *, delivery: Delivery, edge: str, outcome: Outcome, detail: str = "", changes: dict[str, Any] | None = None
) -> Delivery | None:
    """Ends the attempt that `delivery` was claimed for. None when the claim is no longer ours: nothing is changed then,
    but the attempt remembers that an answer came late."""
    mine = locked_claim(delivery, DeliveryState.SENDING)
    attempt = Attempt.objects.filter(delivery=delivery, epoch=delivery.epoch)
    attempt.update(finished_at=Now(), outcome=outcome if mine else Outcome.LATE, detail=detail[:500])
    if mine is None:
        log.warning("delivery %s: the answer to attempt %s came too late", delivery.pk, delivery.epoch)
        return None
    if outcome in FREE:
        give_back(mine, epochs=[mine.epoch])
    facts = {"epoch": delivery.epoch, "problem": (changes or {}).get("problem_code", ""), **shortfall(changes)}
    perform(DELIVERY_LIFECYCLE, edge, mine, by=None, changes=changes, details=facts)
    if mine.state != DeliveryState.DUE:
        origin_of(mine).settled(mine)
    return mine


def settle_published(*, delivery: Delivery, ref: PostRef) -> Delivery | None:
    """The network said yes. A message that another delivery of the account owns already cannot be this one, and one
    whose name no network gives cannot be written down: somebody looks."""
    if not bears_a_name(ref):
        log.error("delivery %s: the network answered with a name that is none", delivery.pk)
        return settle_unknown(delivery=delivery, code=Trouble.OUTCOME_UNKNOWN, detail="no name that can be kept")
    address, changes = kept_address(ref.url), publication(ref, database_now())
    try:
        return settle(delivery=delivery, edge="publish", outcome=Outcome.PUBLISHED, detail=address, changes=changes)
    except IntegrityError:
        if not is_taken(delivery, ref):
            raise
    log.error("delivery %s: the network answered with a message of another delivery", delivery.pk)
    return settle_unknown(delivery=delivery, code=Trouble.TAKEN, detail=address)


def bears_a_name(ref: PostRef) -> bool:
    """False for what cannot be written down: no network gives such names."""
    return 0 < len(ref.id) <= LONGEST_ID and ref.id.isprintable()


@action
def settle_unknown(*, delivery: Delivery, code: str, detail: str) -> Delivery | None:
    """Nobody knows. From here on only looking, or a person, decides."""
    changes = uncertainty(code, detail)
    return settle(delivery=delivery, edge="lose", outcome=Outcome.UNKNOWN, detail=detail, changes=changes)


@action
def hand_back(*, delivery: Delivery) -> None:
    """Due again, as nothing of it was sent; where the claim is over, nothing changes."""
    if locked_claim(delivery, DeliveryState.SENDING) is not None:
        settle(delivery=delivery, edge="give_back", outcome=Outcome.HELD)


def uncertainty(code: str, detail: str) -> dict[str, Any]:
    now = database_now()
    return {"unknown_at": now, "not_before": None, "problem_code": code, "problem_detail": detail[:500]}


def publication(ref: PostRef, at: datetime) -> dict[str, Any]:
    return {
        "remote_id": ref.id,
        # What cannot be kept is left out: the network has the message, and this has to be written down.
        "remote_url": kept_address(ref.url),
        "remote_cid": ref.cid if len(ref.cid) <= LONGEST_CID and ref.cid.isprintable() else "",
        "published_at": at,
        "problem_code": "",
        "problem_detail": "",
        "lacks": [{"part": str(one.part), "language": one.language} for one in ref.lacks],
    }


def shortfall(changes: dict[str, Any] | None) -> dict[str, Any]:
    """What a publication lacks, for its audit event; nothing where it is complete."""
    return {"lacks": changes["lacks"]} if changes and changes.get("lacks") else {}


def is_taken(delivery: Delivery, ref: PostRef) -> bool:
    """True when another delivery of the account owns this message already; a constraint stands behind it."""
    return Delivery.objects.filter(account=delivery.account, remote_id=ref.id).exclude(pk=delivery.pk).exists()


def locked_claim(delivery: Delivery, state: DeliveryState) -> Delivery | None:
    """The row, locked, if it still is in `state` by the very claim that `delivery` was read with."""
    for mine in _claims()(pk=delivery.pk, epoch=delivery.epoch, state=state):
        return locks.taken(mine)
    return None


@cache
def _claims() -> Prepared[Delivery, Delivery]:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("unit", "account__unit")
    claim = {"pk": Slot("pk", BigIntegerField()), "epoch": Slot("epoch", IntegerField())}
    return Prepared(rows.filter(**claim, state=Slot("state", CharField())))
