"""What of the registry waits for a person."""

from __future__ import annotations

from organisation.models import Person
from organisation.queries.waiting import Waiting


def waiting_for(person: Person) -> list[Waiting]:
    return []
