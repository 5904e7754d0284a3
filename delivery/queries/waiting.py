"""What of the sending waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from delivery.models import Delivery
from delivery.queries.deliveries import incomplete, not_gone_out, sends, unresolved
from organisation.models import Person
from organisation.queries.waiting import ABOVE, FirstOf, Text, Waiting

MOST = 10


_unresolved = FirstOf(unresolved, most=MOST)
_not_gone_out = FirstOf(lambda person: not_gone_out(person).filter(sends(person)), most=MOST)
_incomplete = FirstOf(lambda person: incomplete(person).filter(sends(person)), most=MOST)


def waiting_for(person: Person) -> list[Waiting]:
    """Sends that are uncertain for ten minutes, messages that did not go out, and those that are out without something,
    where this person may decide."""
    return [
        *_lines(person, _unresolved, _("Look and decide"), _uncertain, weight=30),
        *_lines(person, _not_gone_out, _("Give it a new time"), _stopped, weight=20),
        *_lines(person, _incomplete, _("Add what is missing"), _lacking, weight=20),
    ]


def _lines(
    person: Person, rows: FirstOf[Delivery], act: Text, words: Callable[[int], str], *, weight: int
) -> Iterator[Waiting]:
    def rest(count: int) -> Waiting:
        title, url = words(count) % {"n": count}, reverse("delivery:unresolved")
        return Waiting(title=title, detail=ABOVE, url=url, act=_("See all of them"), weight=weight)

    return rows.lines(person, partial(_waiting, act=act, weight=weight), rest)


def _uncertain(count: int) -> str:
    return ngettext("%(n)s more message is uncertain", "%(n)s more messages are uncertain", count)


def _stopped(count: int) -> str:
    return ngettext("%(n)s more message did not go out", "%(n)s more messages did not go out", count)


def _lacking(count: int) -> str:
    return ngettext(
        "%(n)s more message is out without all of it", "%(n)s more messages are out without all of it", count
    )


def _waiting(delivery: Delivery, act: Text, *, weight: int) -> Waiting:
    return Waiting(
        title=Truncator(delivery.text).chars(80),
        detail=f"{delivery.account.label} · {delivery.stand_label}. {delivery.problem}",
        url=reverse("delivery:delivery_detail", args=[delivery.pk]),
        act=act,
        due_at=None if delivery.lacks else delivery.due_at,
        weight=weight,
    )
