"""Nouns of listening."""

from monitoring.models.entry import Entry
from monitoring.models.erasure import Erasure
from monitoring.models.hit import Hit
from monitoring.models.item import Item
from monitoring.models.mention import Mention
from monitoring.models.picture import Picture
from monitoring.models.source import Source
from monitoring.models.stream import Stream
from monitoring.models.watch import Watch
from monitoring.models.webhook_call import WebhookCall

__all__ = ["Entry", "Erasure", "Hit", "Item", "Mention", "Picture", "Source", "Stream", "Watch", "WebhookCall"]
