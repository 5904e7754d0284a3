from __future__ import annotations

from django.db import models


class SharedValue(models.Model):
    """What all processes have to agree on for a while: how often somebody tried, which code was used. See `cache`."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.JSONField()
    until = models.DateTimeField(null=True, db_index=True)

    class Meta:
        db_table = "organisation_shared"

    def __str__(self) -> str:
        return self.key
