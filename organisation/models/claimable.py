from __future__ import annotations

from django.db import models


class Claimable(models.Model):
    """A row of which one worker at a time has the claim (`organisation.due`): `epoch` counts the claims, `lease_until`
    is when the latest one runs out; None where nobody has it."""

    lease_until = models.DateTimeField(null=True, blank=True)
    epoch = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True
