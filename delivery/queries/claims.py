"""What may be sent now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, CharField, Exists, IntegerField, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from accounts_registry.queries import able
from delivery.content import as_draft
from delivery.enums import PAUSES, DeliveryState
from delivery.models import Delivery
from delivery.origins import registered
from delivery.queries.holds import covering
from networks.calls import preparation
from networks.kinds import Purpose
from organisation.prepared import Prepared, Slot, numbers


def _ago(span: timedelta) -> CombinedExpression:
    return Now() - span


def _able() -> Q:
    """The account may act, and nothing freezes it or the message."""
    return able(Purpose.WRITE, to="account__", with_last_words=True) & Q(~Exists(covering()))


# A frozen content's films are those of its media that may have captions (`delivery.content.freeze`).
CARRIES_A_FILM = Q(content__contains={"media": [{"captions": []}]})


def to_claim(*, films: bool | None = None) -> QuerySet[Delivery]:
    """Due deliveries that nothing stops, the oldest first. `films`: only those that carry one, or only the others.

    While a network has asked an account to pause, all deliveries of that account wait.
    """
    pause = Delivery.objects.filter(
        account=OuterRef("account"), state=DeliveryState.DUE, problem_code__in=PAUSES, not_before__gt=Now()
    )
    kind = Q() if films is None else CARRIES_A_FILM if films else ~CARRIES_A_FILM
    return Delivery.objects.filter(
        kind,
        Q(not_before__isnull=True) | Q(not_before__lte=Now()),
        _able(),
        ~Exists(pause),
        state=DeliveryState.DUE,
        due_at__lte=Now(),
        due_at__gt=_ago(settings.DELIVERY_LATENESS),
        origin_kind__in=registered(),
    ).order_by("due_at", "pk")


def is_anything_due() -> bool:
    """Whether the time of any has come, also of what something stops. Reads one index."""
    return Delivery.objects.filter(state=DeliveryState.DUE, due_at__lte=Now()).exists()


def in_line(most: int, *, passing_over: Collection[int], films: bool | None) -> list[Delivery]:
    """Locked to the end of the transaction: the first that are to be claimed, of those that nobody else has under lock.
    `passing_over`: ids that this run leaves alone."""
    line = _line(most, films, False, settings.DELIVERY_LATENESS, *registered())
    return line(passing_over=numbers(passing_over))


def of_idle_accounts(
    most: int, *, but_for: Collection[int], passing_over: Collection[int], films: bool | None
) -> list[Delivery]:
    """As `in_line`, of accounts for which nobody is sending just now, and which are not among `but_for`: they go first,
    so that an account with thousands of messages, or on a slow network, keeps no other waiting."""
    line = _line(most, films, True, settings.DELIVERY_LATENESS, *registered())
    return line(passing_over=numbers(passing_over), but_for=numbers(but_for))


@cache
def _line(most: int, films: bool | None, idle: bool, *_built_from: object) -> Prepared[Delivery, Delivery]:
    line = to_claim(films=films).exclude(pk__in=Slot("passing_over", BigIntegerField()))
    if idle:
        sending = Delivery.objects.filter(account=OuterRef("account"), state=DeliveryState.SENDING)
        line = line.filter(~Exists(sending)).exclude(account__in=Slot("but_for", BigIntegerField()))
    rows = line.select_related("account__unit", "unit").select_for_update(skip_locked=True, of=("self",))
    return Prepared(rows[:most])


def too_late(*, passing_over: Collection[int] = ()) -> QuerySet[Delivery]:
    """Due deliveries, frozen ones too, that are too old to go out without somebody's word."""
    late = Delivery.objects.filter(state=DeliveryState.DUE, due_at__lte=_ago(settings.DELIVERY_LATENESS))
    return late.filter(origin_kind__in=registered()).exclude(pk__in=passing_over).order_by("due_at", "pk")


def lease_of(delivery: Delivery) -> timedelta:
    """How long a claim on `delivery` lasts: longer where films have to be carried over first."""
    return settings.DELIVERY_LEASE + timedelta(seconds=preparation(as_draft(delivery.content)))


def sending_may_go_on(*, delivery: Delivery) -> bool:
    """Whether the claim is still ours, the content what it was then, and nobody froze account or message, or cut
    the account off.

    Asked before anything is carried over, and again when a write begins.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # idle for as long as a film takes: it may have died meanwhile
    found = _ours()(pk=delivery.pk, epoch=delivery.epoch, content_hash=delivery.content_hash)
    return any(one.is_as_approved for one in found)


@cache
def _ours() -> Prepared[Delivery, Delivery]:
    ours = Q(pk=Slot("pk", BigIntegerField()), epoch=Slot("epoch", IntegerField()), lease_until__gt=Now())
    same = Q(content_hash=Slot("content_hash", CharField()), state=DeliveryState.SENDING)
    return Prepared(Delivery.objects.filter(ours, same, _able()))
