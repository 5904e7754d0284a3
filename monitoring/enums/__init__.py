"""Choices of listening and the lifecycles of watches and sources."""

from monitoring.enums.source import SOURCE_LIFECYCLE, SourceState, source_sentence
from monitoring.enums.stream import StreamKind
from monitoring.enums.watch import WATCH_LIFECYCLE, LegalBasis, WatchState

__all__ = [
    "SOURCE_LIFECYCLE",
    "WATCH_LIFECYCLE",
    "LegalBasis",
    "SourceState",
    "StreamKind",
    "WatchState",
    "source_sentence",
]
