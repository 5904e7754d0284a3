"""Who is told, and when it is mailed to them."""

from __future__ import annotations

from collections.abc import Collection

from notices.kinds import Kind
from notices.models import Addressee, Notice
from notices.queries.letters import choices_of, when_to_mail
from organisation.clock import database_now
from organisation.models import Person


def address(notice: Notice, kind: Kind, people: Collection[Person]) -> None:
    """Tells the notice to those of `people` who were not told yet. Their units and grants are read."""
    told = set(notice.addressees.values_list("person_id", flat=True))
    new = [person for person in people if person.pk not in told]
    if not new:
        return
    choices, now = choices_of(new), database_now()
    rows = [
        Addressee(notice=notice, person=person, mail_at=when_to_mail(kind, person, choices[person.pk], now))
        for person in new
    ]
    Addressee.objects.bulk_create(rows, ignore_conflicts=True)
