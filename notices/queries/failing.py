"""Mail that did not leave, for whoever may look up the people to whom it was written."""

from __future__ import annotations

from django.db.models import QuerySet

from notices.models import Letter
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within
from organisation.queries.paging import Keyset

FAILED_FIRST = Keyset("created_at", size=30)


def visible_failures(person: Person) -> QuerySet[Letter]:
    """Letters that failed at least once and have not left, to people whom `person` may look up."""
    theirs = within(person, Permission.PERSON_VIEW, field="person__unit")
    failed = Letter.objects.filter(theirs, failures__gt=0, sent_at__isnull=True, dropped_at__isnull=True)
    return failed.select_related("person__unit")
