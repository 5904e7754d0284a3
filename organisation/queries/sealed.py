"""The events as they are hashed, exported and verified: one reading of them for all three."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation.checkpoint_places import Place, wanted_places
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.models import AuditCheckpoint, CheckpointPlace, Person, Unit
from organisation.queries.units import within
from organisation.queries.waiting import Waiting
from organisation.verifier import FIELDS

_EVENT = ", ".join(f"event.{name}" for name in FIELDS)


def unsealed_events(*, above: int, at_most: int) -> list[dict[str, Any]]:
    """The committed events with a number above `above` that have no place in the tree yet, by their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_EVENT} FROM organisation_auditevent event WHERE event.sequence > %s AND NOT EXISTS"  # noqa: S608
            " (SELECT 1 FROM organisation_auditleaf leaf WHERE leaf.sequence = event.sequence)"
            " ORDER BY event.sequence LIMIT %s",
            [above, at_most],
        )
        return [as_sealed(row) for row in cursor.fetchall()]


def all_events() -> Iterator[dict[str, Any]]:
    """The sealed by their `position`, then those that have none yet by their number. One picture of the trail, read
    piece by piece."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {_EVENT}, leaf.position FROM organisation_auditevent event"  # noqa: S608
            " LEFT JOIN organisation_auditleaf leaf ON leaf.sequence = event.sequence"
            " ORDER BY leaf.position NULLS LAST, event.sequence"
        )
        for row in cursor:
            yield {"position": row[-1], **as_sealed(row[:-1])}


LATE = timedelta(minutes=1)  # a seal is due within two seconds; a minute says that nobody seals
PLACE_LATE = timedelta(minutes=10)  # beyond how often a place is given anything


@dataclass(frozen=True)
class Stand:
    """How far one place is. `unkept_since`: when the oldest checkpoint was signed that is not covered there."""

    place: Place
    row: CheckpointPlace
    unkept_since: datetime | None

    def is_behind(self, now: datetime) -> bool:
        """It refused and has been behind for a while, or nobody brings it anything."""
        if self.unkept_since is not None and now - self.unkept_since > self.place.every + PLACE_LATE:
            return True
        kept_at = self.row.kept_at
        return bool(self.row.failure) and (kept_at is None or now - kept_at > PLACE_LATE)


@dataclass(frozen=True)
class Seals:
    """How the trail stands: the newest checkpoint, since when an event waits for its seal, how far each place is."""

    newest: AuditCheckpoint | None
    waiting_since: datetime | None
    places: list[Stand]
    asked_at: datetime

    @property
    def is_late(self) -> bool:
        return self.waiting_since is not None and self.asked_at - self.waiting_since > LATE

    @property
    def behind(self) -> list[Stand]:
        return [stand for stand in self.places if stand.is_behind(self.asked_at)]

    @property
    def unkept_since(self) -> datetime | None:
        """When the oldest checkpoint was signed that some place does not cover yet."""
        return min((stand.unkept_since for stand in self.places if stand.unkept_since), default=None)


def seals() -> Seals:
    newest = AuditCheckpoint.objects.first()
    waiting = unsealed_events(above=newest.document["settled"] if newest else 0, at_most=1)
    since = datetime.fromisoformat(waiting[0]["occurred_at"]) if waiting else None
    return Seals(newest, since, _stands(), database_now())


def _stands() -> list[Stand]:
    rows = {row.name: row for row in CheckpointPlace.objects.all()}
    stands = []
    for place in wanted_places():
        row = rows.get(place.name) or CheckpointPlace(name=place.name)
        unkept = AuditCheckpoint.objects.filter(size__gt=row.size).order_by("size").first()
        stands.append(Stand(place, row, unkept.taken_at if unkept else None))
    return stands


def may_export(person: Person) -> bool:
    """Only who reads the trail of every root: what is sealed together is exported together."""
    roots = Unit.objects.filter(depth=1)
    read = roots.filter(within(person, Permission.AUDIT_VIEW, field=""))
    return read.exists() and read.count() == roots.count()


def waiting_for(person: Person) -> list[Waiting]:
    """For whoever reads the whole trail: that it is not sealed, or not kept elsewhere."""
    if not may_export(person):
        return []
    found, url = seals(), reverse("organisation:audit")
    told = []
    if found.is_late:
        told.append(Waiting(_("The audit trail is not sealed"), "", url, _("Look at the trail"), weight=4))
    if found.behind:
        words = ", ".join(str(stand.place.label) for stand in found.behind)
        title = _("Signed checkpoints of the audit trail are not kept")
        told.append(Waiting(title, words, url, _("See what to do"), weight=4))
    return told


def as_sealed(row: tuple[Any, ...]) -> dict[str, Any]:
    """An event as it is hashed, of a row with its FIELDS."""
    event = dict(zip(FIELDS, row, strict=True))
    event["occurred_at"] = event["occurred_at"].astimezone(UTC).isoformat(timespec="microseconds")
    event["details"] = json.loads(event["details"])
    return event
