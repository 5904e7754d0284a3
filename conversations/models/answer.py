from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.enums import Language
from organisation.models import Unit

# It was given on the network itself.
FOUND = ~models.Q(remote_id="")


class Answer(models.Model):
    """What the service answered, exactly as its author gave it for sending; where it stands is its delivery's to say.

    The text does not change while it may be sent: `content_hash` is what the delivery must still carry when it is
    claimed. When the citizen's words are purged, it ends where it was not sent, and their handle goes from it.
    `due_at` and `asked_at` are the clock that it was written against, kept for the figures. `words` is what it is found
    by, folded (`networks.folding`).

    One with a `remote_id` was given on the network itself, past Parvis: nobody here wrote it, and nothing of it is ever
    sent. `known` is the newest answer that its writer knew of, or was told of when they sent it all the same;
    `asked_hash` what the question said when it was written, hashed: nothing of the citizen's stays with us here.
    """

    conversation = models.ForeignKey("conversations.Conversation", models.PROTECT, related_name="answers")
    mention = models.ForeignKey("monitoring.Mention", models.SET_NULL, null=True, related_name="answers")
    text = models.TextField(_("answer"))
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    author = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    content_hash = models.CharField(max_length=64, blank=True)
    remote_id = models.CharField(max_length=300, blank=True, default="", db_default="")
    url = models.URLField(_("public address"), max_length=500, blank=True, default="", db_default="")
    known = models.BigIntegerField(default=0, db_default=0)
    asked_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
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
            known("language", Language, blank=True),
            models.CheckConstraint(condition=~models.Q(text="") | FOUND, name="answer_has_a_text"),
            models.CheckConstraint(condition=~models.Q(content_hash="") | FOUND, name="answer_has_a_hash"),
            models.CheckConstraint(
                condition=models.Q(author__isnull=False) | (FOUND & models.Q(published_at__isnull=False)),
                name="answer_has_an_author",
            ),
            models.UniqueConstraint(fields=["remote_id", "conversation"], condition=FOUND, name="one_found_answer"),
        ]
        indexes = [GinIndex(fields=["words"], name="answer_words")]

    def __str__(self) -> str:
        return f"{_('Answer')} {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.conversation.unit

    @property
    def was_found(self) -> bool:
        """Whether it was given on the network itself, past Parvis."""
        return bool(self.remote_id)

    @property
    def writer(self) -> str:
        """Who wrote it, as far as anybody here knows."""
        return str(self.author) if self.author is not None else str(_("A colleague (on the network itself)"))
