"""Watches and sources that somebody answers for who leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from monitoring.enums import SourceState, WatchState
from monitoring.models import Source, Watch
from organisation import audit, locks
from organisation.audit import action
from organisation.enums import Permission
from organisation.models import Person
from organisation.open_work import HandOver, Thing, WorkKind

WATCH_TAKEN = audit.tell("watch.taken_over", _("%(actor)s put somebody in the place of this watch's owner, who left"))
SOURCE_TAKEN = audit.tell(
    "source.taken_over", _("%(actor)s put somebody in the place of this source's owner, who left")
)


def _watches(person: Person) -> Iterator[Thing]:
    for one in Watch.objects.filter(owner=person).exclude(state=WatchState.ENDED).select_related("unit"):
        yield Thing(one.pk, one.name, one.unit, reverse("monitoring:watch_detail", args=[one.pk]))


def _sources(person: Person) -> Iterator[Thing]:
    for one in Source.objects.filter(owner=person).exclude(state=SourceState.ENDED).select_related("unit"):
        yield Thing(one.pk, str(one), one.unit, reverse("monitoring:source_detail", args=[one.pk]))


@action
def take_over_watch(*, watch: int, leaver: Person, to: Person, by: Person, reason: str) -> Watch:
    """`to` answers for it; what it collects, and why, stays as it was approved."""
    locked = locks.take(Watch.objects.select_related("unit"), watch)
    return _new_owner(locked, HandOver(leaver, to, by, reason), WATCH_TAKEN)


@action
def take_over_source(*, source: int, leaver: Person, to: Person, by: Person, reason: str) -> Source:
    """Likewise for a source."""
    locked = locks.take(Source.objects.select_related("unit"), source)
    return _new_owner(locked, HandOver(leaver, to, by, reason), SOURCE_TAKEN)


def _new_owner(locked: Any, told: HandOver, verb: str) -> Any:
    """Nothing happens where somebody else answers for it by now."""
    if locked.owner_id == told.leaver.pk:
        locked.owner = told.to
        locked.save(update_fields=["owner"])
        changes = {"owner": [told.leaver.pk, told.to.pk]}
        audit.record(verb=verb, thing=locked, by=told.by, reason=told.reason, changes=changes)
    return locked


def _watch(key: int, told: HandOver) -> None:
    take_over_watch(watch=key, leaver=told.leaver, to=told.to, by=told.by, reason=told.reason)


def _source(key: int, told: HandOver) -> None:
    take_over_source(source=key, leaver=told.leaver, to=told.to, by=told.by, reason=told.reason)


_LEFT = _("Nobody: it stays in the name of who left")
WORK = (
    WorkKind(
        key="watch",
        label=_("Watches that they answer for"),
        one=_("Watch"),
        left=_LEFT,
        takes=Permission.WATCH_VIEW,
        sees=Permission.WATCH_VIEW,
        of=_watches,
        hand_over=_watch,
    ),
    WorkKind(
        key="source",
        label=_("Sources that they answer for"),
        one=_("Source"),
        left=_LEFT,
        takes=Permission.WATCH_VIEW,
        sees=Permission.WATCH_VIEW,
        of=_sources,
        hand_over=_source,
    ),
)
