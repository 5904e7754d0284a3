"""What of the inbox somebody has to know: deadlines that are near or over, or do not follow the working time.

Nothing of the citizen stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.enums import OPEN_STATES
from conversations.models import Conversation
from conversations.queries.recounts import failing_recounts
from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries import holders
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.sentences import Sentence

NEAR = timedelta(hours=2)
# What is overdue for longer waits on Today and in the inbox, and is news to nobody.
TOLD_FOR = timedelta(days=14)


def _due() -> QuerySet[Conversation]:
    now = Now()
    return Conversation.objects.filter(
        state__in=OPEN_STATES, deadline__lte=now + NEAR, deadline__gt=now - TOLD_FOR, purged_at__isnull=True
    )


def _key(pk: int, deadline: datetime, now: datetime) -> str:
    """That it is over is news again, and so is another deadline."""
    return f"{pk}:{deadline.timestamp():.0f}:{'over' if deadline <= now else 'near'}"


def _standing() -> Iterator[tuple[str, int]]:
    now = database_now()
    for pk, deadline in _due().order_by("pk").values_list("pk", "deadline"):
        if deadline is not None:
            yield _key(pk, deadline, now), pk


def _about(pk: int) -> About | None:
    found = _due().filter(pk=pk).select_related("unit", "account", "assigned_to__unit").first()
    if found is None or found.deadline is None:
        return None
    now = database_now()
    is_over = found.deadline <= now
    late, near = _("An answer on %(account)s is overdue."), _("An answer on %(account)s is due soon.")
    return About(
        key=_key(found.pk, found.deadline, now),
        words=Sentence(late if is_over else near, account=found.account.label),
        url=reverse("conversations:conversation", args=[found.pk]),
        unit=found.unit,
        sees=Permission.MENTION_VIEW,
        people=_people(found, is_over=is_over),
        due_at=found.deadline,
    )


def _people(conversation: Conversation, *, is_over: bool) -> list[Person]:
    """Whose it is; where it is nobody's, or over, whoever gives conversations to people."""
    mine = [conversation.assigned_to] if conversation.assigned_to else []
    return [*mine, *(holders(Permission.MENTION_ASSIGN, conversation.unit) if is_over or not mine else [])]


DEADLINE = Kind(
    key="deadline",
    label=_("An answer is due soon, or overdue"),
    urgency=Urgency.SOON,
    standing=_standing,
    about=_about,
    needed_by=frozenset({Permission.MENTION_ASSIGN}),
)


def _stuck() -> Iterator[tuple[str, int]]:
    """Once a unit, however many changes."""
    units = failing_recounts().order_by("unit").values_list("unit", flat=True).distinct()
    return ((str(pk), pk) for pk in units)


def _about_stuck(pk: int) -> About | None:
    unit = Unit.objects.filter(pk=pk).first()
    if unit is None or not failing_recounts().filter(unit=unit).exists():
        return None
    return About(
        key=str(pk),
        words=Sentence(
            _("Deadlines of open conversations of %(unit)s do not follow its working time."), unit=unit.name
        ),
        url=reverse("organisation:unit_working_time", args=[pk]),
        unit=unit,
        sees=Permission.UNIT_MANAGE,
        people=holders(Permission.UNIT_MANAGE, unit),
    )


STUCK = Kind(
    key="deadlines_stuck",
    label=_("Deadlines do not follow the working time"),
    urgency=Urgency.SOON,
    standing=_stuck,
    about=_about_stuck,
    needed_by=frozenset({Permission.UNIT_MANAGE}),
)
