from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db.models import CharField, Model, QuerySet
from django.utils import timezone

from organisation.audit import names_of
from organisation.models import AuditEvent, Person
from organisation.prepared import Prepared, Slot
from organisation.queries.paging import Keyset, Page
from organisation.queries.visible import named_like, visible_events

LATEST_FIRST = Keyset("", size=50)


def story(thing: Model) -> QuerySet[AuditEvent]:
    """What happened to `thing`, newest first. The caller has made sure that the thing itself is in sight."""
    return _story(thing._meta.label_lower, str(thing.pk))


def _story(label: str, key: str | Slot) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(noun__in=names_of(label), object_id=key).order_by("-sequence")


@cache
def _latest_of(label: str, count: int) -> Prepared[AuditEvent, AuditEvent]:
    return Prepared(_story(label, Slot("thing", CharField()))[:count])


@dataclass(frozen=True)
class LatestEvents:
    """What happened to a thing lately, newest first. `is_cut`: there was more before, which stands in the trail."""

    thing: str
    events: list[AuditEvent]
    is_cut: bool


def latest_events(thing: Model, count: int = 20) -> LatestEvents:
    """The newest `count` events of the `story` of `thing`, as a page shows them."""
    found = _latest_of(thing._meta.label_lower, count + 1)(thing=str(thing.pk))
    return LatestEvents(f"{thing._meta.label_lower}:{thing.pk}", found[:count], is_cut=len(found) > count)


def trail(
    person: Person,
    *,
    who: str = "",
    what: str = "",
    since: date | None = None,
    until: date | None = None,
    thing: str = "",
    cursor: str = "",
) -> Page[AuditEvent]:
    """A page of what `person` may read. `since` and `until` are whole days in the present time zone, both included;
    `thing` is "app.model:id", `cursor` what an earlier page gave: a page never shifts while one reads.
    """
    events = visible_events(person)
    if who:
        events = events.filter(actor_id__in=named_like(Person.objects.all(), who, "name"))
    if what:
        events = events.filter(verb=what)
    if since:
        events = events.filter(occurred_at__gte=_start(since))
    if until and until < date.max:
        events = events.filter(occurred_at__lt=_start(until + timedelta(days=1)))
    if thing:
        noun, _colon, object_id = thing.partition(":")
        events = events.filter(noun__in=names_of(noun), object_id=object_id)
    return LATEST_FIRST.page(events, cursor)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
