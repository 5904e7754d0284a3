from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from organisation.models import Claimable


class Lookup(Claimable):
    """A message that a worker looks for at an address, as an account, and what it found.

    Unanswered until `answered_at`. Then `problem` is a code, or `remote_id` and the rest name the message, or nothing
    does: there is no such message of the account.
    """

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="+")
    address = models.CharField(max_length=2000)
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True, default="")
    remote_id = models.CharField(max_length=500, blank=True, default="")
    url = models.CharField(max_length=2000, blank=True, default="")
    cid = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.asked_at}"
