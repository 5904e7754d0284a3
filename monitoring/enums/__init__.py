"""Choices of the inbox and the lifecycles of watches and conversations."""

from monitoring.enums.conversation import CONVERSATION_LIFECYCLE, OPEN_STATES, Category, ConversationState
from monitoring.enums.stream import StreamKind
from monitoring.enums.watch import WATCH_LIFECYCLE, LegalBasis, WatchState

__all__ = [
    "CONVERSATION_LIFECYCLE",
    "OPEN_STATES",
    "WATCH_LIFECYCLE",
    "Category",
    "ConversationState",
    "LegalBasis",
    "StreamKind",
    "WatchState",
]
