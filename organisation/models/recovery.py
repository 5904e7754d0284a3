from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.models.grant import PROPOSAL_LASTS
from organisation.models.unit import Unit


class RecoveryKind(models.TextChoices):
    """What brings somebody back in who lost their own way."""

    FACTOR = "factor", _("Reset of the second factor")
    LINK = "link", _("One-time link to hand over")


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def proposed(self) -> RecoveryQuerySet:
        """What waits for a second person; after a fortnight it waits no longer."""
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True, proposed_at__gt=Now() - PROPOSAL_LASTS)


class Recovery(models.Model):
    """A way back in for somebody whose role weighs: proposed by one administrator, done once a second one confirms it.

    `confirmed_by` is nobody where somebody confirmed it at the server's console.
    """

    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="recoveries")
    kind = models.CharField(max_length=10, choices=RecoveryKind)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        constraints = [
            known("kind", RecoveryKind),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(confirmed_at__isnull=True, ended_at__isnull=True),
                name="one_open_recovery",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"

    @property
    def unit(self) -> Unit:
        return self.person.unit

    @property
    def lapses_at(self) -> datetime:
        """When a proposal is over."""
        return self.proposed_at + PROPOSAL_LASTS
