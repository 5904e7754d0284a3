"""When an answer is due: one table of targets by category, applied to the unit's working calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.enums import Category
from organisation.working_time import WorkingCalendar


@dataclass(frozen=True)
class Target:
    """How fast a category is answered. Working days keep the local time; `hours` run while the service is open.

    `round_the_clock` runs from the network's own time, day and night; all else starts at the next opening.
    """

    working_days: int = 0
    hours: float = 0
    round_the_clock: bool = False


TARGETS: dict[Category, Target | None] = {
    Category.EMERGENCY: Target(round_the_clock=True),
    Category.THREAT: Target(hours=0.5, round_the_clock=True),
    Category.PRESS: Target(hours=2),
    Category.IMPERSONATION: Target(hours=4),
    Category.MISINFORMATION: Target(hours=4),
    Category.COMPLAINT: Target(working_days=1),
    Category.QUESTION: Target(working_days=1),
    Category.JOB: Target(working_days=1),
    Category.PRAISE: Target(working_days=2),
    Category.SPAM: None,
}
# Nobody has looked yet: it may be a question.
UNTRIAGED = Category.QUESTION


def response_deadline(*, category: str, asked_at: datetime, calendar: WorkingCalendar) -> datetime | None:
    """The aware instant before which a citizen who wrote at `asked_at` is answered by who works by `calendar`; None
    where no answer is owed."""
    target = TARGETS[Category(category) if category else UNTRIAGED]
    if target is None:
        return None
    if target.working_days:
        return calendar.due(asked_at, working_days=target.working_days)
    if target.round_the_clock:
        return asked_at + timedelta(hours=target.hours)
    return calendar.after(asked_at, target.hours)
