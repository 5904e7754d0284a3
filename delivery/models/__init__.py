"""Nouns of the machinery that sends."""

from delivery.models.delivery import Attempt, Delivery
from delivery.models.hold import Hold
from delivery.models.identity import Identity, Mark

__all__ = ["Attempt", "Delivery", "Hold", "Identity", "Mark"]
