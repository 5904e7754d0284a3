from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from monitoring.enums import LegalBasis, WatchState

_REQUIRED = ("name", "query", "purpose", "legal_basis", "law", "dpia_reference")


def _all_filled() -> models.Q:
    filled = models.Q()
    for field in _REQUIRED:
        filled &= ~models.Q(**{field: ""})
    return filled


class Watch(models.Model):
    """A keyword query over public messages, with everything that makes it lawful. It stands in its account's unit."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="watches", verbose_name=_("unit"))
    account = models.ForeignKey(
        "accounts_registry.Account", models.PROTECT, related_name="watches", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(_("keywords"), max_length=200)
    purpose = models.TextField(_("purpose"), max_length=1000)
    legal_basis = models.CharField(_("legal basis"), max_length=30, choices=LegalBasis)
    law = models.CharField(_("national law"), max_length=250)
    dpia_reference = models.CharField(_("reference of the impact assessment"), max_length=100)
    owner = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("owner"))
    expires_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=20, choices=WatchState, default=WatchState.DRAFT)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=_all_filled(), name="watch_says_why_it_is_lawful")]

    def __str__(self) -> str:
        return self.name

    @property
    def basis(self) -> str:
        return f"{self.get_legal_basis_display()} · {self.law}"

    @property
    def collects(self) -> bool:
        """True while it is active and its last day, in the unit's own time, is not over."""
        return self.state == WatchState.ACTIVE and self.today <= self.expires_on

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.unit.zone)

    def facts(self) -> dict[str, Any]:
        """What the audit trail keeps of it; no citizen's data is in a watch."""
        return {field: str(getattr(self, field)) for field in (*_REQUIRED, "expires_on")} | {"owner": self.owner_id}
