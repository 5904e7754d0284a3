"""Notices as a person looks them up."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from notices.models import Addressee
from notices.queries.people import in_sight
from organisation.models import Person
from organisation.queries import for_each_reader
from organisation.queries.paging import Keyset

LATEST_FIRST = Keyset("told_at", size=30)
MOST = 99  # nobody reads a larger figure


def visible_addressees(person: Person) -> QuerySet[Addressee]:
    """What the person was told, as far as they still see the unit that it is about; settled ones too."""
    found = Addressee.objects.filter(in_sight(person, "notice__"), person=person)
    return found.select_related("notice__unit", "person")


def unseen(person: Person) -> QuerySet[Addressee]:
    """What still stands and the person has not looked at."""
    return visible_addressees(person).filter(seen_at__isnull=True, notice__settled_at__isnull=True)


def unseen_count(person: Person) -> int:
    """For the bell; one query, and no more than `MOST`."""
    return len(_unseen(person))


@for_each_reader
def _unseen(person: Person) -> QuerySet[Addressee, Any]:
    return unseen(person).select_related(None).order_by().values_list("pk", flat=True)[:MOST]
