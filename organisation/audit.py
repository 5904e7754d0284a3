"""The audit trail's grammar: an action collects its events, and the outermost one writes them as its last act.

Writing last keeps the chain's lock short and takes no row lock after it, so two actions cannot deadlock over it.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.utils.functional import Promise

P = ParamSpec("P")
R = TypeVar("R")

CHAIN_LOCK = 0x50415256_4953  # "PARVIS": the advisory lock that orders the chain
GENESIS = "0" * 64
_SENTENCES: dict[str, str | Promise] = {}


@dataclass(frozen=True)
class Event:
    """One thing that happened. `details` hold strings, numbers, lists and mappings; never a citizen's data."""

    verb: str
    noun: str
    object_id: str
    actor_id: int | None
    actor_name: str
    unit_id: int | None
    details: Mapping[str, Any] = field(default_factory=dict)


_pending: ContextVar[list[Event] | None] = ContextVar("pending_audit_events", default=None)


def tell(verb: str, sentence: str | Promise) -> str:
    """Declares `verb` with its sentence for the story ("%(actor)s approved this text"), and returns it."""
    _SENTENCES[verb] = sentence
    return verb


def sentence(verb: str) -> str | Promise | None:
    return _SENTENCES.get(verb)


def verbs() -> list[str]:
    return sorted(_SENTENCES)


@contextmanager
def acting() -> Iterator[None]:
    """A transaction whose audit events are written at its very end. Nests: the outermost one writes.

    What an inner one undoes takes its events along: whoever catches its refusal goes on as if it had never been tried.
    """
    if (outer := _pending.get()) is not None:
        told_before = len(outer)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer[told_before:]
            raise
        return
    token = _pending.set([])
    try:
        with transaction.atomic():
            yield
            _append(_pending.get() or [])
    finally:
        _pending.reset(token)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a verb: one transaction, its events in it."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with acting():
            return function(*args, **kwargs)

    return wrapper


def record(*, verb: str, thing: Any, by: Any, **details: Any) -> None:
    """Notes that `by` (a person, or None for the system) did `verb` to `thing`; only inside an action."""
    pending = _pending.get()
    if pending is None:
        raise RuntimeError(f"{verb}: audit events are recorded inside an action only")
    if verb not in _SENTENCES:
        raise RuntimeError(f"{verb} has no sentence; declare it with audit.tell")
    unit = getattr(thing, "unit", None) if thing._meta.model_name != "unit" else thing
    pending.append(
        Event(
            verb=verb,
            noun=thing._meta.label_lower,
            object_id=str(thing.pk),
            actor_id=by.pk if by is not None else None,
            actor_name=str(by) if by is not None else "",
            unit_id=unit.pk if unit is not None else None,
            details=json.loads(_canonical(details)),
        )
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)


def digest(event: Event, *, sequence: int, occurred_at: datetime, previous: str) -> str:
    """SHA-256, in hexadecimal, of the event with its place in the chain."""
    moment = occurred_at.astimezone(UTC).isoformat(timespec="microseconds")
    body = [sequence, moment, event.actor_id, event.actor_name, event.verb, event.noun, event.object_id, event.unit_id]
    return hashlib.sha256(_canonical([previous, *body, event.details]).encode()).hexdigest()


def _append(events: list[Event]) -> None:
    if not events:
        return
    model = apps.get_model("organisation", "AuditEvent")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute("SELECT sequence, hash FROM organisation_auditevent ORDER BY sequence DESC LIMIT 1")
        sequence, previous = cursor.fetchone() or (0, GENESIS)
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    rows = []
    for event in events:
        sequence += 1
        new = digest(event, sequence=sequence, occurred_at=now, previous=previous)
        values = {name: getattr(event, name) for name in Event.__dataclass_fields__}
        rows.append(model(sequence=sequence, occurred_at=now, previous_hash=previous, hash=new, **values))
        previous = new
    model.objects.bulk_create(rows)
