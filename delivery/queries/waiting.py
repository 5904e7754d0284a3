"""What of the sending waits for a person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from delivery.models import Delivery
from delivery.queries.deliveries import incomplete, not_gone_out, sends, unresolved
from organisation.models import Person
from organisation.queries.waiting import Text, Waiting

MOST = 50


def waiting_for(person: Person) -> list[Waiting]:
    """Sends that are uncertain for ten minutes, messages that did not go out, and those that are out without something,
    where this person may decide."""
    uncertain = [_waiting(one, _("Look and decide"), weight=30) for one in unresolved(person)[:MOST]]
    stopped = not_gone_out(person).filter(sends(person))[:MOST]
    lacking = incomplete(person).filter(sends(person))[:MOST]
    return [
        *uncertain,
        *(_waiting(one, _("Give it a new time"), weight=20) for one in stopped),
        *(_waiting(one, _("Add what is missing"), weight=20) for one in lacking),
    ]


def _waiting(delivery: Delivery, act: Text, *, weight: int) -> Waiting:
    return Waiting(
        title=Truncator(delivery.text).chars(80),
        detail=f"{delivery.account.label} · {delivery.stand_label}. {delivery.problem}",
        url=reverse("delivery:delivery_detail", args=[delivery.pk]),
        act=act,
        due_at=None if delivery.lacks else delivery.due_at,
        weight=weight,
    )
