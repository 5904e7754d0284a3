from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from monitoring.enums import LegalBasis
from organisation.clock import database_today
from organisation.models import Unit

LAWFUL = ("purpose", "legal_basis", "law", "dpia_reference")


def all_filled(*fields: str) -> models.Q:
    """A condition on rows: none of `fields` is empty."""
    filled = models.Q()
    for field in fields:
        filled &= ~models.Q(**{field: ""})
    return filled


class Lawful(models.Model):
    """What collects public words, with everything that makes it lawful. Whatever is one stands in a `unit`."""

    unit: models.ForeignKey[Unit, Unit]

    purpose = models.TextField(_("purpose"), max_length=1000)
    legal_basis = models.CharField(_("legal basis"), max_length=30, choices=LegalBasis)
    law = models.CharField(_("national law"), max_length=250)
    dpia_reference = models.CharField(_("reference of the impact assessment"), max_length=100)
    owner = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("owner"))
    expires_on = models.DateField(_("last day"))

    class Meta:
        abstract = True

    @property
    def basis(self) -> str:
        return f"{self.get_legal_basis_display()} · {self.law}"

    @property
    def today(self) -> date:
        return database_today(self.unit.zone)
