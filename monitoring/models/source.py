from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.enums import LegalBasis, SourceState, source_sentence
from monitoring.models.lawful import LAWFUL, Lawful, all_filled
from monitoring.models.pulled import Pulled
from networks.catalogue import NETWORKS
from organisation.choices import known

_REQUIRED = ("title", "url", *LAWFUL)


class Source(Pulled, Lawful):
    """A feed or a page of somebody else that is read for what is new, and why that is lawful. `network` says how."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="sources", verbose_name=_("unit"))
    network = models.CharField(_("read as"), max_length=20)
    url = models.URLField(_("address"), max_length=500)
    title = models.CharField(_("name"), max_length=120)
    words = models.CharField(_("words to look for"), max_length=200, blank=True, default="")
    state = models.CharField(_("state"), max_length=20, choices=SourceState, default=SourceState.ACTIVE)
    created_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("added by"))
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "pk"]
        constraints = [
            known("legal_basis", LegalBasis),
            known("state", SourceState),
            models.CheckConstraint(condition=all_filled(*_REQUIRED), name="source_says_why_it_is_lawful"),
            models.UniqueConstraint(
                fields=["unit", "url"], condition=~Q(state=SourceState.ENDED), name="one_source_an_address"
            ),
        ]
        indexes = [models.Index(fields=["next_pull_at"], name="source_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def collects(self) -> bool:
        """True while it is active and its last day, in the unit's own time, is not over."""
        return self.state == SourceState.ACTIVE and self.today <= self.expires_on

    @property
    def network_name(self) -> str:
        return NETWORKS[self.network].name if self.network in NETWORKS else self.network

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence that says what to do; empty when nothing is."""
        return source_sentence(self.problem_code)

    def facts(self) -> dict[str, Any]:
        """What the audit trail keeps of it."""
        told = (*_REQUIRED, "network", "words", "expires_on")
        return {field: str(getattr(self, field)) for field in told} | {"owner": self.owner_id}
