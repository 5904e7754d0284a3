"""Into the queue, and out of it again, by people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import network_sentence
from accounts_registry.models import Account
from delivery.actions.lock_timeout import short_lock_timeout
from delivery.actions.paying import in_the_way
from delivery.actions.repeating import MEANT, require_meant
from delivery.actions.waking import wake_sender
from delivery.content import Content, content_hash
from delivery.enums import DELIVERY_LIFECYCLE, LIVE, DeliveryState, Trouble
from delivery.models import Delivery
from delivery.models.delivery import new_key
from delivery.origins import DecidedIn, MessageKind, kind_of, origin_of
from delivery.queries import Message
from organisation import audit, policy
from organisation.actions import perform, require_cleared
from organisation.audit import action
from organisation.clock import database_now
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit

SCHEDULED = audit.tell("delivery.scheduled", _("%(actor)s put this in line to be sent"))

BEYOND = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.PUBLISHED)  # it cannot be stopped


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
    """One message, as `schedule_deliveries` puts it in line."""
    made = schedule_deliveries(
        messages=[Message(account, origin_id, content)],
        message_unit=message_unit,
        origin_kind=origin_kind,
        due_at=due_at,
        by=by,
    )
    return made[0]


def schedule_deliveries(
    *,
    messages: Sequence[Message],
    message_unit: Unit,
    origin_kind: str,
    due_at: datetime,
    by: Person,
    meant: str = "",
) -> list[Delivery]:
    """Puts `messages`, words of `message_unit`, in line at `due_at` (aware): all of them, or none.

    Asks for the permission to schedule messages of this kind, where it is decided over them. Refused while an account
    cannot publish, where its month's budget does not allow the cost, or when an origin is in line or out already.
    Unconfirmed where the same is said there at about the same time, until `meant` says yes to exactly what was told;
    each then has in `beside` what it is said beside.
    """
    try:
        return _schedule(messages, message_unit, origin_kind, due_at, by, meant=meant)
    except IntegrityError as taken:  # all that the act wrote is undone by now
        same = Q(pk__in=[])
        for message in messages:
            same |= Q(origin_kind=origin_kind, origin_id=message.origin_id)
        live = Delivery.objects.filter(same, state__in=LIVE).first()
        if live is None:
            raise
        raise Conflict(live, "schedule") from taken


@action
def _schedule(
    messages: Sequence[Message], message_unit: Unit, origin_kind: str, due_at: datetime, by: Person, *, meant: str
) -> list[Delivery]:
    kind = kind_of(origin_kind)
    for message in messages:
        _require_free(message, kind, _place(message, message_unit, kind), by)
    for account, contents in _by_account(messages):
        if stopped := in_the_way(account, origin_kind, contents, due_at):
            raise Refused(network_sentence(stopped))
    beside = require_meant(origin_kind=origin_kind, messages=messages, due_at=due_at, by=by, meant=meant)
    made = Delivery.objects.bulk_create(
        Delivery(
            account=message.account,
            unit=_place(message, message_unit, kind),
            message_unit=message_unit,
            content=message.content,
            content_hash=content_hash(message.content),
            likeness="" if kind.is_reply else message.likeness,
            origin_kind=kind.key,
            origin_id=message.origin_id,
            is_reply=kind.is_reply,
            due_at=due_at,
            scheduled_by=by,
        )
        for message in messages
    )
    for delivery in made:
        told = {"due_at": due_at, "hash": delivery.content_hash, "origin": [origin_kind, delivery.origin_id]}
        audit.record(verb=SCHEDULED, thing=delivery, by=by, **told)
        delivery.beside = beside
    _wake(due_at)
    return made


def _place(message: Message, message_unit: Unit, kind: MessageKind) -> Unit:
    """Where it is decided over the delivery of `message`."""
    return message_unit if kind.decided_in is DecidedIn.MESSAGE else message.account.unit


def _require_free(message: Message, kind: MessageKind, place: Unit, by: Person) -> None:
    policy.require(by, kind.permissions.schedule, place)
    if not message.account.publishable:
        raise Refused(_("%(account)s cannot publish now: connect it first.") % {"account": message.account.label})
    if kind.is_reply and not message.content["reply_to"]:
        raise Refused(_("A reply needs the message to which it replies."))


def _by_account(messages: Iterable[Message]) -> Iterable[tuple[Account, list[Content]]]:
    accounts = {message.account.pk: message.account for message in messages}
    contents: dict[int, list[Content]] = defaultdict(list)
    for message in messages:
        contents[message.account.pk].append(message.content)
    return ((account, contents[pk]) for pk, account in accounts.items())


def cancel_deliveries(
    *, origin_kind: str, origin_ids: Iterable[int], by: Person | None, reason: str | Trouble
) -> list[Delivery]:
    """Takes these origins' deliveries out of the line; by the system (no `by`) only those that are still due.

    `reason` is what a person wrote, or one of our own, which each reader has in their language.

    Raises Conflict, and cancels none, when one is being sent, is uncertain, or is published: it cannot be stopped.
    The caller has changed its own noun: the origin is not told.
    """
    edge, states = "void", [DeliveryState.DUE]
    if by is not None:
        edge, states = "withdraw", [DeliveryState.DUE, DeliveryState.FAILED, DeliveryState.EXPIRED]
    of_origins = Delivery.objects.filter(origin_kind=origin_kind, origin_id__in=list(origin_ids)).order_by("pk")
    # Looked at before any lock is waited for: whoever is sending holds theirs while it tells the origin.
    found = list(of_origins)
    _require_stoppable(found)
    wanted = [delivery for delivery in found if delivery.state in states]
    return _cancel(wanted, of_origins, edge, by, reason) if wanted else []


@action
def _cancel(
    wanted: list[Delivery], of_origins: QuerySet[Delivery], edge: str, by: Person | None, reason: str | Trouble
) -> list[Delivery]:
    ours = isinstance(reason, Trouble)
    changes = {"problem_code": reason if ours else Trouble.WITHDRAWN, "problem_detail": "" if ours else reason[:500]}
    cancelled = [
        perform(DELIVERY_LIFECYCLE, edge, delivery, by=by, changes=changes, details={"reason": reason})
        for delivery in wanted
    ]
    # Once more: a claim committed between the two looks was seen by neither.
    _require_stoppable(of_origins.filter(state__in=BEYOND))
    return cancelled


def _require_stoppable(deliveries: Iterable[Delivery]) -> None:
    if gone := next((one for one in deliveries if one.state in BEYOND), None):
        raise Conflict(gone, "withdraw")


@action
def reconfirm_delivery(*, delivery: Delivery, by: Person, due_at: datetime, meant: str = "") -> Delivery:
    """Puts a failed or late delivery in line again at `due_at` (aware, not past). Its approval is checked again then.

    It is certain that the network did nothing, so the send gets a new identity. From now on `by` stands for it.
    `meant` as for `schedule_deliveries`.
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
    again = Message(delivery.account, delivery.origin_id, delivery.content)
    if not delivery.is_reply:
        changes["likeness"] = again.likeness
    confirmed = perform(DELIVERY_LIFECYCLE, "reconfirm", delivery, by=by, changes=changes, details={"due_at": due_at})
    require_cleared(person=by, unit=confirmed.message_unit or confirmed.unit)
    kind = delivery.origin_kind
    if beside := require_meant(origin_kind=kind, messages=[again], due_at=due_at, by=by, meant=meant):
        audit.record(verb=MEANT, thing=confirmed, by=by, beside=beside)
    with short_lock_timeout():
        origin_of(confirmed).settled(confirmed)
    _wake(due_at)
    return confirmed


def _wake(due_at: datetime) -> None:
    """A worker is woken for what is due now; what comes later, the clockwork finds."""
    if due_at <= database_now():
        transaction.on_commit(wake_sender)
