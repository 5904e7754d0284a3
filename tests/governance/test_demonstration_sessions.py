"""The demonstration's committee sits next Thursday, and has approved the minutes of a session."""

from __future__ import annotations

import pytest

from accounts_registry.models import CommitteeSession, Decision, Minutes
from governance.demonstration import service, sessions
from organisation.clock import database_today

pytestmark = [pytest.mark.django_db, pytest.mark.longer]


def test_a_session_next_thursday_and_one_with_minutes() -> None:
    sessions.build(service.build())
    planned, closed = CommitteeSession.objects.order_by("-starts_at")
    assert (planned.state, closed.state) == ("planned", "closed")
    assert planned.day.weekday() == 3
    assert 1 <= (planned.day - database_today(planned.unit.zone)).days <= 7
    assert planned.items.filter(dossier__isnull=False).count() == 2
    assert Minutes.objects.get(session=closed).is_approved
    assert Decision.objects.get(session=closed).outcome == "refuse"
