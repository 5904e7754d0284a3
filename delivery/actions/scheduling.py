"""Into the queue, and out of it again, by people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import network_sentence
from accounts_registry.models import Account
from delivery.actions.paying import in_the_way
from delivery.actions.waking import wake_sender
from delivery.content import content_hash
from delivery.enums import DELIVERY_LIFECYCLE, LIVE, DeliveryState, OriginKind, Trouble
from delivery.models import Delivery
from delivery.models.delivery import new_key
from delivery.origins import origin_of
from delivery.policy import SCHEDULING
from delivery.queries import database_now
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit

SCHEDULED = audit.tell("delivery.scheduled", _("%(actor)s put this in line to be sent"))

WITHDRAW = {OriginKind.POST.value: "withdraw_post", OriginKind.ANSWER.value: "withdraw_answer"}
RECONFIRM = {OriginKind.POST.value: "reconfirm_post", OriginKind.ANSWER.value: "reconfirm_answer"}


@action
def schedule_delivery(
    *,
    account: Account,
    message_unit: Unit,
    origin_kind: str,
    origin_id: int,
    content: dict[str, Any],
    due_at: datetime,
    by: Person,
) -> Delivery:
    """Puts `content` (frozen by `delivery.content.freeze`), a word of `message_unit`, in line for `account` at `due_at`
    (aware).

    Asks for the permission to schedule posts, or to write answers, in the account's unit. Refused while the account
    cannot publish, where its month's budget does not allow the cost, or when this origin is in line or out already.
    """
    policy.require(by, SCHEDULING[origin_kind], account)
    if not account.publishable:
        raise Refused(_("%(account)s cannot publish now: connect it first.") % {"account": account.label})
    if origin_kind == OriginKind.ANSWER and not content["reply_to"]:
        raise Refused(_("An answer needs the message that it answers."))
    if stopped := in_the_way(account, origin_kind, content, due_at):
        raise Refused(network_sentence(stopped))
    facts = {"account": account, "unit": account.unit, "message_unit": message_unit, "content": content}
    facts |= {"origin_kind": origin_kind, "origin_id": origin_id, "due_at": due_at, "scheduled_by": by}
    try:
        with transaction.atomic():
            delivery = Delivery.objects.create(content_hash=content_hash(content), **facts)
    except IntegrityError as taken:
        live = Delivery.objects.filter(origin_kind=origin_kind, origin_id=origin_id, state__in=LIVE).first()
        if live is None:
            raise
        raise Conflict(live, "schedule") from taken
    told = {"due_at": due_at, "hash": delivery.content_hash, "origin": [origin_kind, origin_id]}
    audit.record(verb=SCHEDULED, thing=delivery, by=by, **told)
    _wake(due_at)
    return delivery


@action
def cancel_deliveries(*, origin_kind: str, origin_ids: Iterable[int], by: Person | None, reason: str) -> list[Delivery]:
    """Takes these origins' deliveries out of the line; by the system (no `by`) only those that are still due.

    Raises Conflict, and cancels none, when one is being sent, is uncertain, or is published: it cannot be stopped.
    The caller has changed its own noun: the origin is not told.
    """
    of_origins = Delivery.objects.filter(origin_kind=origin_kind, origin_id__in=list(origin_ids)).order_by("pk")
    beyond = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.PUBLISHED)
    # Looked at before any lock is waited for: whoever is sending holds theirs while it tells the origin.
    if gone := of_origins.filter(state__in=beyond).first():
        raise Conflict(gone, "withdraw")
    edge, states = "void", [DeliveryState.DUE]
    if by is not None:
        edge, states = WITHDRAW[origin_kind], [DeliveryState.DUE, DeliveryState.FAILED, DeliveryState.EXPIRED]
    changes = {"problem_code": Trouble.WITHDRAWN, "problem_detail": reason[:500]}
    cancelled = [
        perform(DELIVERY_LIFECYCLE, edge, delivery, by=by, changes=changes, details={"reason": reason})
        for delivery in of_origins.filter(state__in=states)
    ]
    # Once more: a claim committed between the two looks was seen by neither.
    if gone := of_origins.filter(state__in=beyond).first():
        raise Conflict(gone, "withdraw")
    return cancelled


@action
def reconfirm_delivery(*, delivery: Delivery, by: Person, due_at: datetime) -> Delivery:
    """Puts a failed or late delivery in line again at `due_at` (aware, not past). Its approval is checked again then.

    It is certain that the network did nothing, so the send gets a new identity. From now on `by` stands for it.
    """
    if due_at < database_now():
        raise Refused(_("Choose a time that is still to come."), field="due_at")
    changes = {
        "due_at": due_at,
        "scheduled_by": by,
        "not_before": None,
        "key": new_key(),
        "first_attempt_at": None,
        "tries": 0,
        "problem_code": "",
        "problem_detail": "",
    }
    edge = RECONFIRM[delivery.origin_kind]
    confirmed = perform(DELIVERY_LIFECYCLE, edge, delivery, by=by, changes=changes, details={"due_at": due_at})
    origin_of(confirmed).settled(confirmed)
    _wake(due_at)
    return confirmed


def _wake(due_at: datetime) -> None:
    """A worker is woken for what is due now; what comes later, the clockwork finds."""
    if due_at <= database_now():
        transaction.on_commit(wake_sender)
