from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.comment import CommentState
from organisation.choices import known

if TYPE_CHECKING:
    from organisation.models import Unit


class DossierComment(models.Model):
    """What somebody says to a dossier, or to one of its questions. It is never deleted: whoever wrote it may withdraw
    it, and then it says that it was, without its words."""

    dossier = models.ForeignKey("accounts_registry.JustificationDossier", models.PROTECT, related_name="comments")
    # The key of the question that it is about; empty: the dossier as a whole.
    question = models.CharField(_("about"), max_length=40, blank=True, default="")
    text = models.TextField(_("comment"), blank=True)
    author = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    written_at = models.DateTimeField(_("when"), db_default=Now())
    state = models.CharField(_("state"), max_length=20, choices=CommentState, default=CommentState.OPEN)
    # Who settled or withdrew it last, and when; of an open one nobody.
    settled_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("comment on a dossier")
        verbose_name_plural = _("comments on dossiers")
        ordering = ["-id"]
        constraints = [
            known("state", CommentState),
            models.CheckConstraint(
                condition=models.Q(state="withdrawn", text="") | (~models.Q(state="withdrawn") & ~models.Q(text="")),
                name="comment_says_something_or_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", settled_by__isnull=True, settled_at__isnull=True)
                | (~models.Q(state="open") & models.Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="comment_settled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["dossier", "-id"], name="comment_by_dossier")]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.dossier.unit
