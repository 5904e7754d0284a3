"""Requests for approval, made directly where a test is about something else than how they got there."""

from __future__ import annotations

from typing import Any

from approvals.models import Request, Route, Step
from approvals.subjects import subject_of
from organisation.models import Person, Unit


def route_for(unit: Unit, *steps: dict[str, Any], by: Person, kind: str = "post") -> Route:
    """In force in `unit`; each step says `place` and whatever is not as usual."""
    route = Route.objects.create(unit=unit, kind=kind, made_by=by)
    for position, step in enumerate(steps, start=1):
        Step.objects.create(route=route, position=position, **step)
    return route


def request_for(thing: Any, **facts: Any) -> Request:
    """An open one, for whatever `thing` says now."""
    subject = subject_of(thing)
    assert subject is not None
    told = {"unit": thing.unit, "by": thing.author, "content": {}, "content_hash": subject.content_hash(thing)}
    return Request.objects.create(kind=subject.kind, subject_id=thing.pk, **told | facts)
