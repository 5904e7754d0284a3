from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from organisation.models import Claimable


class Recount(Claimable):
    """When `unit` is open has changed: the deadlines of what is open there and below are worked out again.

    One of which no try came to its end stays, until another change of `unit` or above is worked out.
    """

    unit = models.ForeignKey("organisation.Unit", models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="recount_due")]

    def __str__(self) -> str:
        return str(self.pk)
