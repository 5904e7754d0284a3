"""Deliveries as people and the machinery look them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from delivery.enums import LIVE, DeliveryState
from delivery.models import Attempt, Delivery
from delivery.origins import Permissions, kinds
from delivery.queries.claims import lease_of
from networks.types import AttemptKey
from organisation.enums import Permission
from organisation.models import Person
from organisation.prepared import Prepared, Slot, numbers
from organisation.queries import within

# A delivery that is uncertain for longer waits for a person.
UNRESOLVED_AFTER = timedelta(minutes=10)

_TOLD = ("unit", "message_unit", "account", "account__unit", "scheduled_by")


def visible_deliveries(person: Person) -> QuerySet[Delivery]:
    """Deliveries for whoever sees messages of their kind, in their units."""
    return Delivery.objects.filter(_where(person, lambda asked: asked.see)).select_related(*_TOLD)


def deliveries_of(origin_kind: str, ids: Iterable[int]) -> list[Delivery]:
    """Deliveries of these messages of one kind, the newest first. The caller has made sure of the sight."""
    return _deliveries_of()(kind=origin_kind, ids=numbers(ids))


@cache
def _deliveries_of() -> Prepared[Delivery, Delivery]:
    theirs = {"origin_kind": Slot("kind", CharField()), "origin_id__in": Slot("ids", BigIntegerField())}
    return Prepared(Delivery.objects.filter(**theirs).select_related(*_TOLD).order_by("-pk"))


def unresolved(person: Person) -> QuerySet[Delivery]:
    """What waits for this person's decision: uncertain for ten minutes, of a kind that they send, in a unit where they
    may decide."""
    waiting = Q(state=DeliveryState.UNKNOWN, unknown_at__lte=Now() - UNRESOLVED_AFTER)
    theirs = within(person, Permission.DELIVERY_RESOLVE) & sends(person)
    return visible_deliveries(person).filter(waiting, theirs).order_by("unknown_at")


def sends(person: Person) -> Q:
    """A condition on deliveries: of a kind that the person sends, in a unit where they do."""
    return _where(person, lambda asked: asked.schedule)


def _where(person: Person, act: Callable[[Permissions], Permission]) -> Q:
    """A condition on deliveries: of a kind, and in a unit, where the person holds what `act` takes."""
    asked: dict[Permission, list[str]] = defaultdict(list)
    for kind in kinds():
        asked[act(kind.permissions)].append(kind.key)
    found = Q(pk__in=[])
    for permission, keys in asked.items():
        found |= Q(origin_kind__in=keys) & within(person, permission)
    return found


def uncertain(person: Person) -> QuerySet[Delivery]:
    """All visible ones whose outcome nobody knows yet, the oldest first."""
    return visible_deliveries(person).filter(state=DeliveryState.UNKNOWN).order_by("unknown_at")


def not_gone_out(person: Person) -> QuerySet[Delivery]:
    """Visible ones that failed or were too late, and that nobody has scheduled anew, the newest first."""
    again = Delivery.objects.filter(
        origin_kind=OuterRef("origin_kind"), origin_id=OuterRef("origin_id"), state__in=LIVE
    )
    stopped = visible_deliveries(person).filter(state__in=(DeliveryState.FAILED, DeliveryState.EXPIRED))
    return stopped.exclude(Exists(again)).order_by("-due_at", "-pk")


def incomplete(person: Person) -> QuerySet[Delivery]:
    """Visible ones that are out without something that belongs to them, the newest first."""
    return visible_deliveries(person).exclude(lacks=[]).order_by("-published_at", "-pk")


def stranded() -> QuerySet[Delivery]:
    """Being sent by a worker that has not come back within its lease."""
    return Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lte=Now()).order_by("lease_until")


def to_look_for() -> QuerySet[Delivery]:
    """Uncertain ones whose next look has come."""
    ripe = Q(not_before__isnull=True) | Q(not_before__lte=Now())
    return Delivery.objects.filter(ripe, state=DeliveryState.UNKNOWN).order_by("not_before", "pk")


def key_of(delivery: Delivery) -> AttemptKey:
    """The identity of its send; `sent_at` is when the latest attempt can have written last."""
    assert delivery.first_attempt_at is not None
    latest = delivery.attempts.order_by("-epoch").first()
    sent_at = _last_write(delivery, latest) if latest else None
    return AttemptKey(key=delivery.key, created_at=delivery.first_attempt_at, sent_at=sent_at)


def _last_write(delivery: Delivery, attempt: Attempt) -> datetime:
    """A claim writes as long as its lease stands: pictures and films are carried over first, and a worker may be
    stopped and woken. Counted from the attempt's beginning, one whose answer was lost would be looked for before it can
    show, be held for absent, and be sent a second time."""
    return attempt.finished_at or attempt.started_at + lease_of(delivery)
