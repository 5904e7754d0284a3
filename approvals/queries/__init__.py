"""Reads of approvals."""

from approvals.queries.asking import answered_for, askable, asking, is_asked
from approvals.queries.backing import has_say, is_backed, lost_hands
from approvals.queries.requests import (
    approvals_of,
    begun,
    cleared,
    hands_behind,
    hands_of,
    open_request,
    requests_of,
    steps_of,
    waiting_step,
)
from approvals.queries.routes import StepTaken, steps_taken, visible_routes

__all__ = [
    "StepTaken",
    "answered_for",
    "approvals_of",
    "askable",
    "asking",
    "begun",
    "cleared",
    "hands_behind",
    "hands_of",
    "has_say",
    "is_asked",
    "is_backed",
    "lost_hands",
    "open_request",
    "requests_of",
    "steps_of",
    "steps_taken",
    "visible_routes",
    "waiting_step",
]
