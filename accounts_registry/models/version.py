from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DossierVersion(models.Model):
    """What a dossier said when it was submitted, in one round; never changed afterwards.

    A dossier that was submitted before all questions were asked has none of that round.
    """

    dossier = models.ForeignKey("accounts_registry.JustificationDossier", models.PROTECT, related_name="versions")
    round = models.PositiveSmallIntegerField()
    # Every answer by its question's key; people and accounts by their number.
    answers = models.JSONField()
    submitted_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted"), db_default=Now())

    class Meta:
        verbose_name = _("submitted version")
        verbose_name_plural = _("submitted versions")
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["dossier", "round"], name="one_version_a_round")]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.round}"
