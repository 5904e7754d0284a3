from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from organisation.audit import names_of
from organisation.models import AuditEvent, Person
from organisation.queries.visible import visible_events

PAGE = 50


def story(thing: Model) -> QuerySet[AuditEvent]:
    """What happened to `thing`, newest first. The caller has made sure that the thing itself is in sight."""
    nouns = names_of(thing._meta.label_lower)
    return AuditEvent.objects.filter(noun__in=nouns, object_id=str(thing.pk)).order_by("-sequence")


@dataclass(frozen=True)
class TrailPage:
    """Events, newest first. `newer` and `older` are sequence numbers to go on from, None where nothing more is."""

    events: list[AuditEvent]
    newer: int | None
    older: int | None


def trail(
    person: Person,
    *,
    who: str = "",
    what: str = "",
    since: date | None = None,
    until: date | None = None,
    thing: str = "",
    before: int | None = None,
    after: int | None = None,
) -> TrailPage:
    """A page of what `person` may read. `since` and `until` are whole days in the present time zone, both included;
    `thing` is "app.model:id". Of `before` and `after`, sequence numbers, `before` counts where both are given.
    """
    events = visible_events(person)
    if who:
        events = events.filter(actor_name__icontains=who)
    if what:
        events = events.filter(verb=what)
    if since:
        events = events.filter(occurred_at__gte=_start(since))
    if until and until < date.max:
        events = events.filter(occurred_at__lt=_start(until + timedelta(days=1)))
    if thing:
        noun, _colon, object_id = thing.partition(":")
        events = events.filter(noun__in=names_of(noun), object_id=object_id)
    return _slice(events, before, after)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _slice(events: QuerySet[AuditEvent], before: int | None, after: int | None) -> TrailPage:
    if before is None and after is not None:
        found = list(events.filter(sequence__gt=after).order_by("sequence")[: PAGE + 1])
        more, shown = len(found) > PAGE, found[:PAGE][::-1]
        return TrailPage(shown, shown[0].sequence if shown and more else None, shown[-1].sequence if shown else None)
    older = events if before is None else events.filter(sequence__lt=before)
    found = list(older.order_by("-sequence")[: PAGE + 1])
    more, shown = len(found) > PAGE, found[:PAGE]
    newer = shown[0].sequence if shown and before is not None else None
    return TrailPage(shown, newer, shown[-1].sequence if more else None)
