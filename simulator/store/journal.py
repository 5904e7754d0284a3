"""Every call that a program made, so that a test can count them. Holds no token and no text."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from simulator.store.database import Database

KEEP = 100_000


@dataclass(frozen=True, slots=True)
class Call:
    at_ms: int
    method: str
    path: str
    query: str
    person: str | None
    status: int
    answered: bool  # False where a fault kept the answer from the caller
    fault: str | None
    idempotency_key: str | None
    created: str | None  # identifier of what the call made; None for a repeated Idempotency-Key
    took_ms: int


def write(db: Database, call: Call) -> None:
    with db.transaction() as connection:
        last = connection.execute(
            """INSERT INTO journal (at_ms, method, path, query, person, status, answered, fault, idempotency_key,
               created, took_ms) VALUES (:at_ms, :method, :path, :query, :person, :status, :answered, :fault,
               :idempotency_key, :created, :took_ms)""",
            asdict(call),
        ).lastrowid
        if last and last % 1_000 == 0:
            connection.execute("DELETE FROM journal WHERE id <= ?", (last - KEEP,))


def read(db: Database) -> list[Call]:
    """Oldest first."""
    rows = db.rows(
        """SELECT at_ms, method, path, query, person, status, answered, fault, idempotency_key, created, took_ms
           FROM journal ORDER BY id"""
    )
    return [Call(**{**dict(row), "answered": bool(row["answered"])}) for row in rows]
