"""Sources and what they said."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Now

from accounts_registry.queries import egress
from monitoring.enums import SourceState
from monitoring.models import Entry, Source
from networks import catalogue
from networks.folding import as_query
from networks.port import Connector
from networks.types import AccountRef
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import Keyset, KeysFirst, Page, Parts, within

LATEST_FIRST = Keyset("published_at", size=30)


@dataclass(frozen=True)
class EntryFilter:
    """What a person wants to see; it travels in the address. Empty fields do not narrow."""

    source: int | None = None
    words: str = ""
    unit_path: str = ""


def reader_of(source: Source) -> Connector:
    """A fresh connector for one reading."""
    return catalogue.connector(AccountRef(source.network, source.url, ""), egress())


def unfinished_sources() -> QuerySet[Source]:
    return Source.objects.exclude(state=SourceState.ENDED)


def due_sources() -> QuerySet[Source]:
    """Active sources to read now, the longest due first."""
    due = Source.objects.filter(state=SourceState.ACTIVE, next_pull_at__lte=Now())
    due = due.filter(network__in=list(catalogue.NETWORKS))
    return due.select_related("unit").order_by("next_pull_at", "pk")


def visible_sources(person: Person) -> QuerySet[Source]:
    """Sources of which `person` may know, with unit and owner at hand; failing ones first, ended ones last."""
    seen = Source.objects.filter(within(person, Permission.WATCH_VIEW)).select_related("unit", "owner")
    is_over = Case(When(state=SourceState.ENDED, then=1), default=0)
    return seen.order_by(is_over, F("failing_since").asc(nulls_last=True), "title", "pk")


def entries_page(person: Person, wanted: EntryFilter, cursor: str = "") -> Page[Entry]:
    """One page of what the sources in sight said, the newest first, at the `cursor` that an earlier page gave."""
    sources = Source.objects.filter(within(person, Permission.WATCH_VIEW), unit__path__startswith=wanted.unit_path)
    if wanted.source is not None:
        sources = sources.filter(pk=wanted.source)
    rows = Entry.objects.select_related("source", "item")
    if wanted.words:
        query = as_query(wanted.words)
        found = rows.filter(words__matching=query, source__in=sources) if query else rows.none()
        return LATEST_FIRST.page(found, cursor, parts=KeysFirst())
    return LATEST_FIRST.page(rows, cursor, parts=Parts(sources, "source"))
