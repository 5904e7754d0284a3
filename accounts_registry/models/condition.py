from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import ConditionState
from organisation.choices import known

if TYPE_CHECKING:
    from organisation.models import Unit


class Condition(models.Model):
    """Under what the committee approved a dossier: somebody answers for it, by a day. Overdue, its account is held."""

    decision = models.ForeignKey("accounts_registry.Decision", models.PROTECT, related_name="conditions")
    text = models.TextField(_("condition"))
    owner = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("who answers for it")
    )
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=20, choices=ConditionState, default=ConditionState.OPEN)
    # How it was met, in the words of whoever reported it last; the committee confirms, never the same person.
    evidence = models.TextField(_("how it was met"), blank=True, default="")
    reported_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("reported by")
    )

    class Meta:
        verbose_name = _("condition of the committee")
        verbose_name_plural = _("conditions of the committee")
        ordering = ["due_on", "pk"]
        constraints = [
            known("state", ConditionState),
            models.CheckConstraint(
                condition=models.Q(state="open") | (models.Q(reported_by__isnull=False) & ~models.Q(evidence="")),
                name="condition_reported_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=models.Q(state="open"), name="condition_open_by_day")]

    def __str__(self) -> str:
        return self.text

    @property
    def mark(self) -> str:
        """Of how it was met, as it stands: whoever decides on it sends back the one that they read."""
        return sha256(f"{self.reported_by_id} {self.evidence}".encode()).hexdigest()[:32]

    @property
    def unit(self) -> Unit:
        return self.decision.dossier.unit
