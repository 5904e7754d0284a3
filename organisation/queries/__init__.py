"""Reads of the ground floor."""

from organisation.queries.audit import story
from organisation.queries.confirming import waiting_for
from organisation.queries.units import units_where, within
from organisation.queries.visible import (
    looked_at,
    people,
    visible_events,
    visible_grants,
    visible_people,
    visible_proposals,
    visible_units,
)

__all__ = [
    "looked_at",
    "people",
    "story",
    "units_where",
    "visible_events",
    "visible_grants",
    "visible_people",
    "visible_proposals",
    "visible_units",
    "waiting_for",
    "within",
]
