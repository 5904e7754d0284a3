"""The audit trail's grammar: an action collects its events, and the outermost one writes them as its last act.

One statement, no lock: the database numbers and dates each event, a worker seals it within two seconds
(`organisation/actions/sealing.py`).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import transaction
from django.utils.functional import Promise

from organisation import bulk
from organisation.bearer import borne_by
from organisation.plain import all_plain

P = ParamSpec("P")
R = TypeVar("R")

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


_REASONS: dict[str, Mapping[str, str | Promise]] = {}


def reasons(noun: str, sentences: Mapping[str, str | Promise]) -> None:
    """Declares what events about `noun` ("app.model") may have as their reason where Parvis itself had one: a code, so
    that each reader has its sentence in their own language."""
    _REASONS[noun] = sentences


def reason(noun: str, written: str) -> str | Promise:
    """The sentence of a code; what a person wrote, as they wrote it."""
    return _REASONS.get(called(noun), {}).get(written, written)


def sentence(verb: str) -> str | Promise | None:
    return _SENTENCES.get(verb)


_ONCE_CALLED: dict[str, str] = {}


def renamed(once: str, now: str) -> None:
    """Events about `once` ("app.model") are about what is called `now` today: no event is ever rewritten."""
    _ONCE_CALLED[once] = now


def called(noun: str) -> str:
    """What the rows of `noun`, as an event has it, are called today."""
    return _ONCE_CALLED.get(noun, noun)


def names_of(noun: str) -> list[str]:
    """What events may call the rows of `noun`: its name of today first."""
    return [called(noun), *(once for once, now in _ONCE_CALLED.items() if now == called(noun))]


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


def current_act() -> object | None:
    """The outermost act that is going on, as a thing of its own; None outside of any."""
    return _pending.get()


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a verb: one transaction, its events in it. What a person writes comes in here, and is made plain."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs.get("by") is not None and _pending.get() is None:
            kwargs.update({name: all_plain(value) for name, value in kwargs.items()})
        with acting():
            return function(*args, **kwargs)

    return wrapper


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a verb that refuses before it writes: inside another act it needs no savepoint, since nothing is undone."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if _pending.get() is not None:
            return function(*args, **kwargs)
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
    if by is not None and (borne := borne_by(by.pk)):
        details["key"] = borne.key
    unit = getattr(thing, "unit", None) if thing._meta.model_name != "unit" else thing
    pending.append(
        Event(
            verb=verb,
            noun=thing._meta.label_lower,
            object_id=str(thing.pk or ""),
            actor_id=by.pk if by is not None else None,
            actor_name=str(by) if by is not None else "",
            unit_id=unit.pk if unit is not None else None,
            details=json.loads(_canonical(details)),
        )
    )


def values_of(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    """What `thing` says now, for `differences`; what it is related to is told by its key."""
    return {name: getattr(found := getattr(thing, name, None), "pk", found) for name in names}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """For an event's details: {"changes": {field: [old, new]}}. Not for fields with a citizen's words in them."""
    changed = {name: [before.get(name), new] for name, new in after.items() if before.get(name) != new}
    return {"changes": changed}


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)


def _append(events: list[Event]) -> None:
    if events:
        model = apps.get_model("organisation", "AuditEvent")
        bulk.insert(model(**{name: getattr(event, name) for name in Event.__dataclass_fields__}) for event in events)
