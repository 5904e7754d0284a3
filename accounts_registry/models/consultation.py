from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.advice import View
from organisation.choices import known


class Consultation(models.Model):
    """A service is heard on a dossier as submitted in one round: asked until a moment, and answered once."""

    dossier = models.ForeignKey("accounts_registry.JustificationDossier", models.PROTECT, related_name="consultations")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    asked_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    due_at = models.DateTimeField(_("due"))
    view = models.CharField(_("opinion"), max_length=20, choices=View, blank=True, default="")
    reasons = models.TextField(_("reasons"), max_length=5000, blank=True, default="")
    answered_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("consultation of a service")
        verbose_name_plural = _("consultations of services")
        ordering = ["unit__path"]
        constraints = [
            known("view", View, blank=True),
            models.UniqueConstraint(fields=["dossier", "round", "unit"], name="one_consultation_a_unit"),
            models.CheckConstraint(
                condition=models.Q(view="", reasons="", answered_by__isnull=True, answered_at__isnull=True)
                | (~models.Q(view="") & ~models.Q(reasons="") & models.Q(answered_by__isnull=False)),
                name="consultation_is_answered_in_full",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}, {self.round}: {self.unit}"
