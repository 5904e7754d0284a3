"""Nouns of answering."""

from conversations.models.answer import Answer
from conversations.models.conversation import Conversation
from conversations.models.inbound_message import InboundMessage
from conversations.models.recount import Recount

__all__ = ["Answer", "Conversation", "InboundMessage", "Recount"]
