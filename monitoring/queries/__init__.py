"""Reads of listening."""

from monitoring.queries.sources import (
    EntryFilter,
    due_sources,
    entries_page,
    reader_of,
    unfinished_sources,
    visible_sources,
)
from monitoring.queries.streams import (
    collecting_watches,
    due_streams,
    pullable_accounts,
    stopped_readings,
    visible_streams,
)
from monitoring.queries.waiting import waiting_for
from monitoring.queries.watches import searchable_accounts, visible_watches

__all__ = [
    "EntryFilter",
    "collecting_watches",
    "due_sources",
    "due_streams",
    "entries_page",
    "pullable_accounts",
    "reader_of",
    "searchable_accounts",
    "stopped_readings",
    "unfinished_sources",
    "visible_sources",
    "visible_streams",
    "visible_watches",
    "waiting_for",
]
