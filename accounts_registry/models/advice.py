from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.advice import Opinion
from organisation.choices import known


class Advice(models.Model):
    """What ICT/security says to a dossier as submitted in one round; never changed afterwards."""

    dossier = models.ForeignKey("accounts_registry.JustificationDossier", models.PROTECT, related_name="advices")
    round = models.PositiveSmallIntegerField()
    opinion = models.CharField(_("advice"), max_length=20, choices=Opinion)
    reasons = models.TextField(_("reasons"))
    # What is to be settled, one thing each; with a favourable advice there is none.
    points = ArrayField(models.CharField(max_length=500), verbose_name=_("points to settle"), default=list, blank=True)
    given_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("adviser"))
    given_at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("advice of ICT and security")
        verbose_name_plural = _("advice of ICT and security")
        ordering = ["round"]
        constraints = [
            known("opinion", Opinion),
            models.UniqueConstraint(fields=["dossier", "round"], name="one_advice_a_round"),
            models.CheckConstraint(condition=~models.Q(reasons=""), name="advice_gives_reasons"),
            models.CheckConstraint(
                condition=~models.Q(opinion=Opinion.WITH_POINTS) | ~models.Q(points=[]), name="advice_names_its_points"
            ),
            models.CheckConstraint(
                condition=~models.Q(opinion=Opinion.FAVOURABLE) | models.Q(points=[]), name="advice_without_points"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}, {self.round}: {self.opinion}"
