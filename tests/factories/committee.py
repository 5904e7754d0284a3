"""Sessions of the committee, made directly: no audit events."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone

from accounts_registry.enums import Presence, SessionState
from accounts_registry.models import (
    AgendaItem,
    Attendance,
    CommitteeSession,
    JustificationDossier,
    Minutes,
    WrittenProcedure,
)
from organisation.models import Person
from tests.factories.organisation import PersonFactory, UnitFactory


def soon(**later: Any) -> datetime:
    """A moment within the hour, whole minutes."""
    return (timezone.now() + timedelta(**(later or {"minutes": 30}))).replace(second=0, microsecond=0)


class CommitteeSessionFactory(factory.django.DjangoModelFactory[CommitteeSession]):
    """Planned within the hour, of a root; `state="open"` opens it as `opened_by`."""

    class Meta:
        model = CommitteeSession

    unit = factory.SubFactory(UnitFactory)
    zone = "Europe/Brussels"
    starts_at = factory.LazyFunction(soon)
    wall_time = factory.LazyAttribute(
        lambda one: one.starts_at.astimezone(ZoneInfo(one.zone)).replace(tzinfo=None, fold=0)
    )
    place = "Room 12"
    planned_by = factory.SubFactory(PersonFactory)
    opened_by = factory.LazyAttribute(lambda one: one.planned_by if one.state in ("open", "closed") else None)
    opened_at = factory.LazyAttribute(lambda one: timezone.now() if one.state in ("open", "closed") else None)
    closed_at = factory.LazyAttribute(lambda one: timezone.now() if one.state == "closed" else None)
    state = SessionState.PLANNED


def on_the_agenda(session: CommitteeSession, dossier: JustificationDossier | str, **facts: Any) -> AgendaItem:
    """Last on it; a text is a free point."""
    what = {"title": dossier} if isinstance(dossier, str) else {"dossier": dossier}
    return AgendaItem.objects.create(session=session, position=session.items.count() + 1, **what, **facts)


def there(session: CommitteeSession, *people: Person, presence: str = Presence.PRESENT) -> None:
    for person in people:
        Attendance.objects.create(session=session, member=person, presence=presence)


def written_for(dossier: JustificationDossier, **facts: Any) -> WrittenProcedure:
    facts = {"ends_on": timezone.localdate() + timedelta(days=7), "begun_by": dossier.requested_by, **facts}
    return WrittenProcedure.objects.create(dossier=dossier, round=dossier.round, **facts)


def drafted(session: CommitteeSession, **facts: Any) -> Minutes:
    return Minutes.objects.create(session=session, **{"written_by": session.planned_by, **facts})
