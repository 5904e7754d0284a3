from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models import Claimable


class Look(Claimable):
    """When one kind of notice is looked at next; a worker at a time does."""

    kind = models.CharField(max_length=40, unique=True)
    next_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("look for notices")
        verbose_name_plural = _("looks for notices")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__regex=r"^[a-z][a-z_]{1,39}$"), name="look_kind_is_a_key")
        ]

    def __str__(self) -> str:
        return self.kind
