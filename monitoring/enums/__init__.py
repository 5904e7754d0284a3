"""Choices of the inbox and the lifecycles of watches, sources and conversations."""

from monitoring.enums.conversation import ANSWER, CONVERSATION_LIFECYCLE, OPEN_STATES, Category, ConversationState
from monitoring.enums.source import SOURCE_LIFECYCLE, SourceState, source_sentence
from monitoring.enums.stream import StreamKind
from monitoring.enums.watch import WATCH_LIFECYCLE, LegalBasis, WatchState

__all__ = [
    "ANSWER",
    "CONVERSATION_LIFECYCLE",
    "OPEN_STATES",
    "SOURCE_LIFECYCLE",
    "WATCH_LIFECYCLE",
    "Category",
    "ConversationState",
    "LegalBasis",
    "SourceState",
    "StreamKind",
    "WatchState",
    "source_sentence",
]
