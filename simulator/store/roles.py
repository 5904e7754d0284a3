"""Who acts for which organisation, beside the organisation itself."""

from __future__ import annotations

from simulator.store import people, things
from simulator.store.database import Database
from simulator.store.people import Person

KIND = "role"


def appoint(db: Database, person: Person, organisation: int, *, network: str) -> None:
    """From now on `person` administers `organisation` on `network`."""
    if not administers(db, person, organisation, network=network):
        things.add(db, network=network, kind=KIND, person_id=person.id, data={"organisation": organisation})


def administered(db: Database, person: Person, *, network: str) -> list[Person]:
    """The organisations that `person` acts for: itself first, where it is one."""
    found = [person] if person.kind == "organisation" else []
    for role in things.of(db, network=network, kind=KIND, person_id=person.id):
        organisation = people.by_id(db, int(role.data["organisation"]))
        found += [organisation] if organisation else []
    return found


def administers(db: Database, person: Person, organisation: int, *, network: str) -> bool:
    return organisation in {one.id for one in administered(db, person, network=network)}
