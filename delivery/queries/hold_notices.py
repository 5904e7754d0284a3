"""Freezes: everybody whom one stops has to know, at any hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.enums import HoldCause, HoldScope
from delivery.models import Hold
from notices.enums import Urgency
from notices.kinds import About, Kind, Text
from notices.queries import concerned, holders
from organisation.enums import Permission
from organisation.models import Person
from organisation.sentences import Sentence

LIFTED_FOR = timedelta(days=1)


def _in_force() -> QuerySet[Hold]:
    """Not what goes by itself, and may come and go."""
    return Hold.objects.in_force().exclude(cause=HoldCause.AWAY)


def _lifted() -> QuerySet[Hold]:
    return Hold.objects.filter(lifted_at__gt=Now() - LIFTED_FOR).exclude(cause=HoldCause.AWAY)


def _what(hold: Hold) -> str | Promise:
    if hold.scope == HoldScope.ORGANISATION:
        return HoldScope.ORGANISATION.label
    return hold.account.label if hold.account else hold.unit.name if hold.unit else ""


def _people(hold: Hold) -> list[Person]:
    """Parvis's own stop concerns whoever may lift it: to the others it is the bar above every page."""
    if hold.cause != HoldCause.PERSON:
        return holders(Permission.HOLD_LIFT, hold.unit)
    return concerned(Permission.HOLD_VIEW, hold.unit)


def _kind(key: str, *, label: Text, words: Text, rows: Callable[[], QuerySet[Hold]]) -> Kind:
    def standing() -> Iterator[tuple[str, int]]:
        return ((str(pk), pk) for pk in rows().order_by("pk").values_list("pk", flat=True))

    def about(pk: int) -> About | None:
        hold = rows().filter(pk=pk).select_related("unit", "account").first()
        if hold is None:
            return None
        return About(
            key=str(hold.pk),
            words=Sentence(words, what=_what(hold)),
            url=reverse("delivery:hold_list"),
            unit=hold.unit,
            sees=Permission.HOLD_VIEW,
            people=_people(hold),
            reaches_down=True,
        )

    return Kind(key, label, Urgency.EMERGENCY, standing, about, frozenset({Permission.HOLD_LIFT}))


PLACED = _kind(
    "freeze_placed",
    label=_("Publishing is frozen"),
    words=_("Publishing is frozen: %(what)s."),
    rows=_in_force,
)
LIFTED = _kind(
    "freeze_lifted",
    label=_("A freeze was lifted"),
    words=_("A freeze was lifted: %(what)s. What is due goes out again."),
    rows=_lifted,
)
KINDS = (PLACED, LIFTED)
