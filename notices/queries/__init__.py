"""Reads of notices."""

from notices.queries.notices import LATEST_FIRST, MOST, unseen, unseen_count, visible_addressees
from notices.queries.people import concerned, holders, in_sight, who_may_know

__all__ = [
    "LATEST_FIRST",
    "MOST",
    "concerned",
    "holders",
    "in_sight",
    "unseen",
    "unseen_count",
    "visible_addressees",
    "who_may_know",
]
