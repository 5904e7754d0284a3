from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class InboundMessage(models.Model):
    """A citizen's message in a conversation: one of those that monitoring heard. It goes with that message.

    `sent_at` is the message's own: a thread is read in its order, however many threads there are. `words` is what it is
    found by, folded (`networks.folding`): what it says and who wrote it; nothing once its author took it away.
    """

    mention = models.OneToOneField("monitoring.Mention", models.CASCADE, primary_key=True, related_name="inbound")
    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="inbound")
    sent_at = models.DateTimeField()
    words = SearchVectorField(null=True)

    class Meta:
        ordering = ["sent_at", "pk"]
        indexes = [
            models.Index(fields=["conversation", "sent_at"], name="inbound_thread"),
            models.Index(fields=["sent_at"], name="inbound_sent"),
            GinIndex(fields=["words"], name="inbound_words"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
