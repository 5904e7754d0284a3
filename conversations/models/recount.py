from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from organisation.models import Claimable


class Recount(Claimable):
    """When `unit` is open has changed: the deadlines of what is open there and below are worked out again."""

    unit = models.ForeignKey("organisation.Unit", models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="recount_due")]

    def __str__(self) -> str:
        return str(self.pk)
