"""An access review half done, and a role that ends soon."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance.demonstration.service import Service
from organisation import actions
from organisation.clock import database_today
from organisation.models import ReviewLine

CONFIRMED = ("writer_fr", "writer_nl", "conversations_fr", "conversations_nl", "chair", "accounts", "spokesperson")


def build(service: Service) -> None:
    """By the administrator; their own role nobody but another one could confirm, and as the last it stays."""
    administrator, fin = service.people["administrator"], service.units["fin"]
    review = actions.start_review(
        unit=fin, last_day=database_today() + timedelta(days=12), reason="Revue annuelle des accès", by=administrator
    )
    for key in CONFIRMED:
        line = ReviewLine.objects.select_related("grant__unit", "grant__person", "review")
        actions.confirm_line(line=line.get(review=review, grant__person=service.people[key]), by=administrator)
    actions.give_grant(
        person=service.people["member_ict"],
        role="newcomer",
        unit=service.units["ict"],
        by=administrator,
        until=timezone.now() + timedelta(days=10),
    )
