"""What of the committee's sessions waits for a person: the one that sits, the one that comes, minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.session import MinutesState, SessionState
from accounts_registry.models import CommitteeSession, Minutes
from organisation.dates import dated
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import for_each_reader
from organisation.queries.units import reach
from organisation.queries.waiting import Waiting

COMES_WITHIN = timedelta(days=14)
WRITTEN_WITHIN = timedelta(days=60)  # minutes that nobody wrote by then are nobody's task of today


def sessions_waiting(person: Person) -> list[Waiting]:
    return [*_sitting(person), *_to_write(person), *_to_approve(person)]


def _at_the_root(person: Person, permission: Permission, prefix: str = "") -> Q:
    paths = {path for path in reach(person, permission) if len(path) == Unit.steplen}
    return Q(**{f"{prefix}unit__path__in": paths})


def _sitting(person: Person) -> Iterator[Waiting]:
    for session in _of_mine(person):
        title = _("Steering committee of %(unit)s") % {"unit": session.unit.name}
        url, when = session.get_absolute_url(), {"when": dated(session.local_start, "l j F Y, H:i")}
        if session.is_open:
            yield Waiting(title, _("The committee sits now"), url, _("Go to the session"), weight=3)
        else:
            detail = _("The committee sits on %(when)s") % when
            yield Waiting(title, detail, url, _("Read the agenda"), due_at=session.starts_at)


@for_each_reader
def _of_mine(person: Person) -> QuerySet[CommitteeSession, CommitteeSession]:
    soon = Q(state=SessionState.PLANNED, starts_at__lte=Now() + COMES_WITHIN)
    mine = CommitteeSession.objects.filter(_at_the_root(person, Permission.DOSSIER_VOTE))
    return mine.filter(soon | Q(state=SessionState.OPEN)).select_related("unit").order_by("starts_at", "pk")


def _to_write(person: Person) -> Iterator[Waiting]:
    for session in _without_minutes(person):
        url = reverse("accounts_registry:session_minutes", args=[session.pk])
        yield Waiting(str(session), _("There are no minutes yet"), url, _("Write the minutes"), weight=1)


@for_each_reader
def _without_minutes(person: Person) -> QuerySet[CommitteeSession, CommitteeSession]:
    mine = CommitteeSession.objects.filter(
        _at_the_root(person, Permission.DOSSIER_CHECK), state=SessionState.CLOSED, minutes__isnull=True
    )
    return mine.filter(closed_at__gte=Now() - WRITTEN_WITHIN).order_by("starts_at", "pk")


def _to_approve(person: Person) -> Iterator[Waiting]:
    for minutes in _drafted(person):
        url = reverse("accounts_registry:session_minutes", args=[minutes.session_id])
        detail = _("%(name)s wrote the minutes") % {"name": minutes.written_by.name}
        yield Waiting(str(minutes.session), detail, url, _("Read and approve the minutes"), weight=1)


@for_each_reader
def _drafted(person: Person) -> QuerySet[Minutes, Minutes]:
    mine = Minutes.objects.filter(_at_the_root(person, Permission.DOSSIER_VOTE, "session__"))
    drafts = mine.filter(state=MinutesState.DRAFTED).exclude(written_by=person)
    return drafts.select_related("session", "written_by").order_by("pk")
