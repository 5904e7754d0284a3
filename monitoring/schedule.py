"""How long what is heard is kept, for how long anybody may listen for it, and when it was said."""

from datetime import datetime, timedelta

from organisation.fields import EARLIEST

RETENTION = timedelta(days=30)
LONGEST_WATCH = timedelta(days=366)


def said_at(told: datetime, now: datetime) -> datetime:
    """When something was said, as it is told: some networks let the citizen choose the time. Never later than `now`,
    and never so early that a zone has no such year, for what follows from it could not be worked out."""
    return min(max(told, EARLIEST), now)
