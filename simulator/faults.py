"""Faults on demand: what the training network does wrong, where, and how often. The same seed gives the same faults."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from simulator.store.database import Database

KINDS = ("late", "lost_answer", "reset", "truncated", "status", "html", "list_lag", "late_key")
MOMENTS = ("before", "after")


class FaultRefused(ValueError):
    """Says which part of a fault cannot be understood."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    `match` is a regular expression for "METHOD /path". `moment` says whether the call's work is done first ("after") or
    not: `lost_answer` and `truncated` always come after the work, `reset` never does; for `status` and `html` "before"
    means that the work is not done at all, for `late` that it is done when the seconds have passed.
    `times` is how often it may strike (None: without end). Seconds serve `late`, `list_lag`, `late_key` (between making
    a post and storing its Idempotency-Key), and `Retry-After` of `status` 429.
    """

    kind: str
    match: str = "."
    seconds: float = 0.0
    status: int = 503
    probability: float = 1.0
    times: int | None = None
    seed: int = 0
    moment: str = "before"
    id: int = 0
    fired: int = 0


def parse(given: Mapping[str, object]) -> Fault:
    """A fault from JSON or a form; FaultRefused names the field that is wrong."""
    unknown = set(given) - {"kind", "match", "seconds", "status", "probability", "times", "seed", "moment"}
    if unknown:
        raise FaultRefused(f"unknown: {', '.join(sorted(unknown))}")
    try:
        times = given.get("times")
        fault = Fault(
            kind=str(given.get("kind", "")),
            match=str(given.get("match") or "."),
            seconds=float(str(given.get("seconds") or 0)),
            status=int(str(given.get("status") or 503)),
            probability=float(str(given.get("probability", 1) if given.get("probability") != "" else 1)),
            times=None if times in {None, ""} else int(str(times)),
            seed=int(str(given.get("seed") or 0)),
            moment=str(given.get("moment") or "before"),
        )
        re.compile(fault.match)
    except (ValueError, re.error) as error:
        raise FaultRefused(str(error)) from error
    _check(fault)
    return fault


def _check(fault: Fault) -> None:
    if fault.kind not in KINDS:
        raise FaultRefused(f"kind: one of {', '.join(KINDS)}")
    if fault.moment not in MOMENTS:
        raise FaultRefused(f"moment: one of {', '.join(MOMENTS)}")
    if not 0 <= fault.probability <= 1:
        raise FaultRefused("probability: 0 to 1")
    if not 0 <= fault.seconds <= 3_600:
        raise FaultRefused("seconds: 0 to 3600")
    if not 400 <= fault.status <= 599:
        raise FaultRefused("status: 400 to 599")


def add(db: Database, fault: Fault) -> Fault:
    spec = {key: value for key, value in asdict(fault).items() if key not in {"id", "fired"}}
    with db.transaction() as connection:
        identifier = connection.execute("INSERT INTO faults (spec) VALUES (?)", (json.dumps(spec),)).lastrowid
    return Fault(**spec, id=identifier or 0)


def listed(db: Database) -> list[Fault]:
    """All faults that were turned on, those that have spent their `times` included, oldest first."""
    return [
        Fault(**json.loads(row["spec"]), id=row["id"], fired=row["fired"])
        for row in db.rows("SELECT * FROM faults ORDER BY id")
    ]


def clear(db: Database, identifier: int | None = None) -> None:
    """Turn one fault off, or all of them."""
    with db.transaction() as connection:
        connection.execute("DELETE FROM faults WHERE :id IS NULL OR id = :id", {"id": identifier})


def strike(db: Database, method: str, path: str) -> list[Fault]:
    """The faults that hit this call: any number of delays, and at most one that decides the answer.

    Each draws from its own seeded sequence, one number a matching call, so that what happens to the n-th matching call
    depends on nothing else.
    """
    call = f"{method} {path}"
    if not db.row("SELECT 1 FROM faults LIMIT 1"):
        return []
    struck: list[Fault] = []
    with db.transaction() as connection:
        for row in connection.execute("SELECT * FROM faults ORDER BY id").fetchall():
            fault = Fault(**json.loads(row["spec"]), id=row["id"], fired=row["fired"])
            if not re.search(fault.match, call) or (fault.times is not None and fault.fired >= fault.times):
                continue
            connection.execute("UPDATE faults SET drawn = drawn + 1 WHERE id = ?", (fault.id,))
            drawn = random.Random(f"{fault.seed}:{row['drawn']}").random()  # noqa: S311 - repeatable, not secret
            if drawn < fault.probability and not (decides(fault) and any(map(decides, struck))):
                connection.execute("UPDATE faults SET fired = fired + 1 WHERE id = ?", (fault.id,))
                struck.append(fault)
    return struck


def decides(fault: Fault) -> bool:
    """Whether a fault replaces the answer, rather than delaying or ageing it."""
    return fault.kind not in {"late", "list_lag", "late_key"}
