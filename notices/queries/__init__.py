"""Reads of notices."""

from notices.queries.notices import LATEST_FIRST, MOST, unseen, unseen_count, visible_addressees
from notices.queries.people import holders, in_sight, who_may_know

__all__ = [
    "LATEST_FIRST",
    "MOST",
    "holders",
    "in_sight",
    "unseen",
    "unseen_count",
    "visible_addressees",
    "who_may_know",
]
