from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.enums import Language
from organisation.models import Unit


class Answer(models.Model):
    """What the service answered, exactly as its author gave it for sending; where it stands is its delivery's to say.

    The text does not change while it may be sent: `content_hash` is what the delivery must still carry when it is
    claimed. When the citizen's words are purged, it ends where it was not sent, and their handle goes from it.
    `due_at` and `asked_at` are the clock that it was written against, kept for the figures. `words` is what it is found
    by, folded (`networks.folding`).
    """

    conversation = models.ForeignKey("conversations.Conversation", models.PROTECT, related_name="answers")
    mention = models.ForeignKey("monitoring.Mention", models.SET_NULL, null=True, related_name="answers")
    text = models.TextField(_("answer"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    author = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("author"))
    content_hash = models.CharField(max_length=64)
    written_at = models.DateTimeField(_("written"), db_default=Now())
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(_("on the network since"), null=True)
    words = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["written_at", "pk"]
        constraints = [
            known("language", Language),
            models.CheckConstraint(condition=~models.Q(text=""), name="answer_has_a_text"),
            models.CheckConstraint(condition=~models.Q(content_hash=""), name="answer_has_a_hash"),
        ]
        indexes = [GinIndex(fields=["words"], name="answer_words")]

    def __str__(self) -> str:
        return f"{_('Answer')} {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.conversation.unit
