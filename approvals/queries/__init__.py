"""Reads of approvals."""

from approvals.queries.asking import askable, asking, is_asked
from approvals.queries.backing import is_backed, lost_hands
from approvals.queries.requests import (
    approvals_of,
    first_step,
    hands_behind,
    hands_of,
    is_cleared,
    open_request,
    requests_of,
    steps_of,
    waiting_step,
)

__all__ = [
    "approvals_of",
    "askable",
    "asking",
    "first_step",
    "hands_behind",
    "hands_of",
    "is_asked",
    "is_backed",
    "is_cleared",
    "lost_hands",
    "open_request",
    "requests_of",
    "steps_of",
    "waiting_step",
]
