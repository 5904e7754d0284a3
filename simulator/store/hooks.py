"""Who wants to be called about whom, and the calls that were made. Holds no text; secrets leave it for signing only."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from simulator.hooks import Hook
from simulator.store import things
from simulator.store.database import Database
from simulator.store.things import Thing

KIND = "hook"


@dataclass(frozen=True, slots=True)
class Told:
    """One call: `status` is 0 where no answer came, and then `problem` says why."""

    at_ms: int
    network: str
    person: str
    happening: str
    post_id: int
    url: str
    status: int
    problem: str
    took_ms: int


def subscribe(db: Database, hook: Hook) -> Thing:
    """From now on `hook.url` hears about the person; once for each address, with the newest secret."""
    for known in things.of(db, network=hook.network, kind=KIND, person_id=hook.person_id):
        if known.data["url"] == hook.url:
            things.remove(db, known)
    data = {"url": hook.url, "secret": hook.secret}
    return things.add(db, network=hook.network, kind=KIND, person_id=hook.person_id, data=data)


def of_network(db: Database, network: str) -> list[tuple[int, Hook]]:
    """Every subscription on `network` with its number, oldest first."""
    return [
        (found.id, Hook(network, found.person_id or 0, found.data["url"], found.data["secret"]))
        for found in things.of(db, network=network, kind=KIND)
    ]


def stands(db: Database, network: str, identifier: int) -> bool:
    """Whether nobody has ended the subscription meanwhile."""
    return things.by_id(db, identifier, network=network, kind=KIND) is not None


def end(db: Database, hook: Hook) -> bool:
    """`hook.url` hears no more about the person; whether it did."""
    known = things.of(db, network=hook.network, kind=KIND, person_id=hook.person_id)
    ended = [one for one in known if one.data["url"] == hook.url]
    for one in ended:
        things.remove(db, one)
    return bool(ended)


def end_all(db: Database) -> None:
    with db.transaction() as connection:
        connection.execute("DELETE FROM things WHERE kind = ?", (KIND,))


def write(db: Database, told: Told) -> None:
    with db.transaction() as connection:
        connection.execute(
            """INSERT INTO told (at_ms, network, person, happening, post_id, url, status, problem, took_ms) VALUES
               (:at_ms, :network, :person, :happening, :post_id, :url, :status, :problem, :took_ms)""",
            asdict(told),
        )


def read(db: Database) -> list[Told]:
    """The calls that were made, oldest first."""
    rows = db.rows(
        "SELECT at_ms, network, person, happening, post_id, url, status, problem, took_ms FROM told ORDER BY id"
    )
    return [Told(**dict(row)) for row in rows]
