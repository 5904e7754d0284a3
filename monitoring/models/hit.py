from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from monitoring.models.item import Item
from monitoring.models.watch import Watch


class Hit(models.Model):
    """That a watch found a message, which other watches may have found too. It goes when the message does.

    `remote_id` is the message's on the network of the watch's account. Without an `item` it is a message to a sister
    account that has not told of it yet: that one hears it, and then the hit says which it is.
    """

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="hits", db_index=False)
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="hits")
    remote_id = models.CharField(max_length=300)
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch", "remote_id"], name="one_hit_a_watch")]
        indexes = [
            models.Index(fields=["remote_id"], condition=models.Q(item__isnull=True), name="hit_waiting"),
            models.Index(fields=["found_at"], condition=models.Q(item__isnull=True), name="hit_waiting_since"),
        ]

    def __str__(self) -> str:
        return f"Hit {self.pk}"
