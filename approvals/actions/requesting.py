"""Something is put before its approvers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.actions.composing import first_step
from approvals.models import Request
from approvals.subjects import subject_of
from organisation import locks
from organisation.audit import step
from organisation.models import Person


@step
def ask(*, thing: Any, by: Person, content: Mapping[str, Any], content_hash: str) -> Request:
    """Puts `content`, which has this hash, before whoever the nearest routes name: its own unit's, and those of the
    other units in whose name it speaks. Without any, before one colleague.

    That it was submitted is the subject's own event.
    """
    subject = held(thing)
    first = first_step(subject, thing, by)
    return Request.objects.create(
        kind=subject.kind,
        subject_id=thing.pk,
        unit=thing.unit,
        route_id=first.route_id if first else None,
        asked=first,
        by=by,
        content=content,
        content_hash=content_hash,
    )


def held(thing: Any) -> Any:
    """Its subject. What is decided about a thing is decided under its lock, or an edit could pass unseen."""
    subject = subject_of(thing)
    if subject is None or not locks.holds(thing):
        raise RuntimeError(f"{thing!r} is no subject of approval, or is not held under lock")
    return subject
