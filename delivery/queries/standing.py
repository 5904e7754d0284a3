"""Where messages stand for a page that keeps itself up to date, and how soon it should look again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import BigIntegerField, Exists

from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries.deliveries import UNRESOLVED_AFTER
from delivery.queries.holds import covering
from organisation.clock import database_now
from organisation.prepared import Prepared, Slot, numbers

SOON = timedelta(minutes=2)
FAR = timedelta(hours=12)
CLOSELY, NOW_AND_THEN = 5, 30  # seconds
FROZEN = "frozen"


@dataclass(frozen=True)
class Standing:
    """`states` by the id of what is sent: `Delivery.stand`, or "frozen". `every`: seconds until the next look makes
    sense, None when all is settled or too far away. `mark` says the same in letters that fit an address."""

    states: Mapping[int, str]
    every: int | None = None

    @property
    def mark(self) -> str:
        rhythm = "" if self.every is None else str(self.every) if self.every <= NOW_AND_THEN else "later"
        return "-".join([*(f"{key}.{state}" for key, state in sorted(self.states.items())), rhythm])

    @property
    def is_frozen(self) -> bool:
        """A freeze keeps one of them from going out."""
        return FROZEN in self.states.values()

    def changed_since(self, mark: str) -> list[int]:
        """Of what stood in `mark`, the ids whose state is another now."""
        before = dict(one.split(".", 1) for one in mark.split("-") if "." in one)
        return [key for key, state in self.states.items() if before.get(str(key), state) != state]


def standing_of(deliveries: Iterable[Delivery]) -> Standing:
    """Of each thing sent the newest delivery counts; `deliveries` come newest first. Two queries at most."""
    newest: dict[int, Delivery] = {}
    for delivery in deliveries:
        newest.setdefault(delivery.origin_id, delivery)
    frozen = frozen_among(newest.values())
    states = {key: FROZEN if one.pk in frozen else one.stand for key, one in newest.items()}
    return Standing(states, next_look(newest.values(), frozen))


def frozen_among(deliveries: Iterable[Delivery]) -> set[int]:
    """Those that are due and lie under a freeze."""
    due = [delivery.pk for delivery in deliveries if delivery.state == DeliveryState.DUE]
    return set(_under_a_freeze()(ids=numbers(due))) if due else set()


@cache
def _under_a_freeze() -> Prepared[Delivery, int]:
    under = Delivery.objects.filter(Exists(covering()), pk__in=Slot("ids", BigIntegerField()))
    return Prepared(under.values_list("pk", flat=True))


def next_look(deliveries: Iterable[Delivery], frozen: Collection[int]) -> int | None:
    """Seconds until one of `deliveries` may stand elsewhere; None when only a person can move them, or nothing will."""
    moving = [
        one for one in deliveries if one.state in (DeliveryState.DUE, DeliveryState.SENDING, DeliveryState.UNKNOWN)
    ]
    now = database_now() if moving else None
    looks = [_next_look(one, one.pk in frozen, now) for one in moving if now is not None]
    return min((look for look in looks if look is not None), default=None)


def _next_look(delivery: Delivery, is_frozen: bool, now: datetime) -> int | None:
    if delivery.state == DeliveryState.UNKNOWN:
        waits_for_somebody = delivery.unknown_at is not None and now - delivery.unknown_at > UNRESOLVED_AFTER
        return None if waits_for_somebody else CLOSELY
    away = max(delivery.due_at, delivery.not_before or delivery.due_at) - now
    if delivery.state == DeliveryState.SENDING or (away <= SOON and not is_frozen):
        return CLOSELY
    if away > FAR:
        return None
    return max(int((away - SOON).total_seconds()) + 1, NOW_AND_THEN)
