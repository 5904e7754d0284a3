from __future__ import annotations

from django.db import models

from organisation.models import Claimable


class Subscription(Claimable):
    """That a network is asked to call us about an account, and asked anew now and then: at some it ends by itself.

    `since` is when the network first agreed, None while it does not; `refused` that it said no, rather than nothing.
    `name` is what the network knows the subscription by: two accounts of one name share it. `problem` is the code of
    the latest failure. The row is the queue: `next_try_at` says when to ask next.
    """

    account = models.OneToOneField("accounts_registry.Account", models.CASCADE, related_name="subscription")
    since = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=300, blank=True, default="")
    next_try_at = models.DateTimeField(db_default=models.functions.Now())
    tries = models.PositiveSmallIntegerField(default=0)
    refused = models.BooleanField(default=False)
    problem = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["next_try_at", "pk"]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.name}"
