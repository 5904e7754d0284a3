from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.finding import FIRST_ACTIONS, FORMULAS, FindingKind, FindingState
from accounts_registry.models.account import Account
from accounts_registry.models.audit import AccountAudit, ListedAccount
from organisation.choices import known
from organisation.models import Unit
from organisation.sentences import told


class Finding(models.Model):
    """What an audit found of one account, registered, listed or seen. `mark` is what it is known again by when Parvis
    looks anew; `evidence` are sentences (`organisation.sentences`)."""

    audit = models.ForeignKey(AccountAudit, models.CASCADE, related_name="findings", verbose_name=_("account audit"))
    kind = models.CharField(_("kind"), max_length=24, choices=FindingKind)
    mark = models.CharField(max_length=80)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="findings")
    listed = models.ForeignKey(ListedAccount, models.CASCADE, null=True, related_name="findings")
    sighting = models.ForeignKey("accounts_registry.Sighting", models.CASCADE, null=True, related_name="findings")
    evidence = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=FindingState, default=FindingState.OPEN)
    owner = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("to be done by"))
    reason = models.TextField(_("reason"), blank=True)
    found_at = models.DateTimeField(_("found at"), db_default=Now())

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["pk"]
        constraints = [
            known("kind", FindingKind),
            known("state", FindingState),
            models.UniqueConstraint(fields=["audit", "mark"], name="finding_stands_once"),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, listed__isnull=True, sighting__isnull=True)
                | models.Q(account__isnull=True, listed__isnull=False, sighting__isnull=True)
                | models.Q(account__isnull=True, listed__isnull=True, sighting__isnull=False),
                name="finding_is_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def unit(self) -> Unit:
        return self.audit.unit

    @property
    def subject(self) -> str:
        """The account, as people name it."""
        found = self.account or self.listed or self.sighting
        return found.label if found else ""

    @property
    def sentence(self) -> str:
        return told(self.evidence)

    @property
    def formula(self) -> Any:
        return FORMULAS[FindingKind(self.kind)]

    @property
    def first_action(self) -> Any:
        return FIRST_ACTIONS[FindingKind(self.kind)]
