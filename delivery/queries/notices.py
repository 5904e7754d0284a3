"""What of the sending somebody has to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from delivery.enums import LIVE, DeliveryState
from delivery.models import Delivery
from delivery.origins import origin_of, permissions_on, registered
from delivery.queries.deliveries import UNRESOLVED_AFTER
from notices.enums import Urgency
from notices.kinds import About, Kind, Text
from notices.queries import holders
from organisation.enums import Permission
from organisation.models import Person
from organisation.sentences import Sentence

# What was not sent, and nobody asked about for so long, is history.
TOLD_FOR = timedelta(days=30)


def _of_known_kinds(condition: Q) -> QuerySet[Delivery]:
    return Delivery.objects.filter(condition, origin_kind__in=registered())


def _failed() -> QuerySet[Delivery]:
    """Neither gone out in time nor scheduled anew."""
    again = Delivery.objects.filter(
        origin_kind=OuterRef("origin_kind"), origin_id=OuterRef("origin_id"), state__in=LIVE
    )
    stopped = Q(state__in=(DeliveryState.FAILED, DeliveryState.EXPIRED), due_at__gt=Now() - TOLD_FOR)
    return _of_known_kinds(stopped).exclude(Exists(again))


def _uncertain() -> QuerySet[Delivery]:
    return _of_known_kinds(Q(state=DeliveryState.UNKNOWN, unknown_at__lte=Now() - UNRESOLVED_AFTER))


def _lacking() -> QuerySet[Delivery]:
    return _of_known_kinds(~Q(lacks=[]))


def _those_who_send(delivery: Delivery) -> list[Person]:
    return [*holders(permissions_on(delivery).schedule, delivery.unit), delivery.scheduled_by]


def _those_who_resolve(delivery: Delivery) -> list[Person]:
    return holders(Permission.DELIVERY_RESOLVE, delivery.unit)


def _kind(
    key: str,
    *,
    label: Text,
    words: Text,
    of_a_reply: Text,
    rows: Callable[[], QuerySet[Delivery]],
    people: Callable[[Delivery], Iterable[Person]],
) -> Kind:
    def standing() -> Iterator[tuple[str, int]]:
        return ((str(pk), pk) for pk in rows().order_by("pk").values_list("pk", flat=True))

    def about(pk: int) -> About | None:
        told = ("unit", "account__unit", "scheduled_by")
        delivery = rows().filter(pk=pk).select_related(*told).first()
        if delivery is None:
            return None
        where = str(delivery.account.label)
        # What an answer is called may name a citizen.
        what = {} if delivery.is_reply else {"what": origin_of(delivery).title(delivery)}
        return About(
            key=str(delivery.pk),
            words=Sentence(of_a_reply if delivery.is_reply else words, account=where, **what),
            url=delivery.get_absolute_url(),
            unit=delivery.unit,
            sees=permissions_on(delivery).see,
            people=people(delivery),
        )

    return Kind(key, label, Urgency.SOON, standing, about, frozenset({Permission.DELIVERY_RESOLVE}))


FAILED = _kind(
    "delivery_failed",
    label=_("A message did not go out"),
    words=_("“%(what)s” did not go out on %(account)s."),
    of_a_reply=_("An answer to a citizen did not go out on %(account)s."),
    rows=_failed,
    people=_those_who_send,
)
UNCERTAIN = _kind(
    "delivery_uncertain",
    label=_("Nobody knows whether a message went out"),
    words=_("Nobody knows whether “%(what)s” went out on %(account)s: look, and decide."),
    of_a_reply=_("Nobody knows whether an answer to a citizen went out on %(account)s: look, and decide."),
    rows=_uncertain,
    people=_those_who_resolve,
)
LACKING = _kind(
    "delivery_lacking",
    label=_("A message is out without all of it"),
    words=_("“%(what)s” is out on %(account)s without all that belongs to it."),
    of_a_reply=_("An answer to a citizen is out on %(account)s without all that belongs to it."),
    rows=_lacking,
    people=_those_who_send,
)
KINDS = (FAILED, UNCERTAIN, LACKING)
