"""Nouns of answering."""

from conversations.models.answer import Answer
from conversations.models.conversation import Conversation
from conversations.models.inbound_message import InboundMessage

__all__ = ["Answer", "Conversation", "InboundMessage"]
