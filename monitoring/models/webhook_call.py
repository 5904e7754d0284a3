from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class WebhookCall(models.Model):
    """A call by which a network told us something: only that it came, so that the very same one counts once.

    `digest` is SHA-256, in hexadecimal, of the network's key and the call's body. Kept for a day.
    """

    network = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="webhook_call_age")]

    def __str__(self) -> str:
        return f"{self.network} {self.pk}"
