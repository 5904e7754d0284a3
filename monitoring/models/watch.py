from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from monitoring.enums import LegalBasis, WatchState
from monitoring.models.lawful import LAWFUL, Lawful, all_filled
from organisation.choices import known

_REQUIRED = ("name", "query", *LAWFUL)


class Watch(Lawful):
    """A keyword query over public messages, and why it is lawful. It stands in its account's unit."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="watches", verbose_name=_("unit"))
    account = models.ForeignKey(
        "accounts_registry.Account", models.PROTECT, related_name="watches", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(_("keywords"), max_length=200)
    state = models.CharField(_("state"), max_length=20, choices=WatchState, default=WatchState.DRAFT)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ["name", "pk"]
        constraints = [
            known("legal_basis", LegalBasis),
            known("state", WatchState),
            models.CheckConstraint(condition=all_filled(*_REQUIRED), name="watch_says_why_it_is_lawful"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def collects(self) -> bool:
        """True while it is active and its last day, in the unit's own time, is not over."""
        return self.state == WatchState.ACTIVE and self.today <= self.expires_on

    def facts(self) -> dict[str, Any]:
        """What the audit trail keeps of it; no citizen's data is in a watch."""
        return {field: str(getattr(self, field)) for field in (*_REQUIRED, "expires_on")} | {"owner": self.owner_id}
