from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.account import AccountKind
from accounts_registry.enums.audit import AuditState, ListedState
from accounts_registry.lists.words import network_name
from networks.profiles import many_servers
from organisation.choices import known


class AccountAudit(models.Model):
    """A campaign: one unit looks at all accounts that there are, registered or not.

    `edition` counts what was taken over and undone: a list that was tried at another one has to be tried again.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="account_audits", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=120)
    due_on = models.DateField(_("to be done by"))
    state = models.CharField(_("state"), max_length=10, choices=AuditState, default=AuditState.OPEN)
    begun_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("begun by"))
    begun_at = models.DateTimeField(_("begun at"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    edition = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("account audit")
        verbose_name_plural = _("account audits")
        ordering = ["-pk"]
        constraints = [
            known("state", AuditState),
            models.CheckConstraint(
                condition=models.Q(state=AuditState.OPEN) | models.Q(closed_at__isnull=False),
                name="account_audit_closed_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == AuditState.OPEN


class ListedAccount(models.Model):
    """An account as a list tells of it. It is no `Account`: nobody approved it, and Parvis cannot act as it.

    `network` is a key of the catalogue, or of a network that Parvis does not speak. `keys` are all ways of naming it
    (`networks.profiles`); `account` is the registered one that shares a key. `owner_told` is a colleague's name, kept
    to ask who answers for the account, and no longer than the audit is open.
    """

    audit = models.ForeignKey(AccountAudit, models.CASCADE, related_name="listed")
    series = models.CharField(_("list"), max_length=120)
    network = models.CharField(_("network"), max_length=30)
    server = models.CharField(_("server"), max_length=253, blank=True)
    handle = models.CharField(_("name on the network"), max_length=150, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    address = models.CharField(_("public address"), max_length=500, blank=True)
    keys = ArrayField(models.CharField(max_length=500))
    title = models.CharField(_("title"), max_length=200, blank=True)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    unit_told = models.CharField(max_length=200, blank=True)
    owner_told = models.CharField(_("owner"), max_length=150, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True, verbose_name=_("languages"))
    followers = models.PositiveBigIntegerField(_("followers"), null=True)
    last_post_on = models.DateField(_("last post"), null=True)
    admins = models.PositiveIntegerField(_("administrators"), null=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AccountKind, blank=True)
    account = models.ForeignKey("accounts_registry.Account", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ListedState, default=ListedState.LISTED)
    # The import that told of it last.
    told_by = models.ForeignKey("accounts_registry.ListImport", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("listed account")
        verbose_name_plural = _("listed accounts")
        ordering = ["pk"]
        constraints = [
            known("state", ListedState),
            known("kind", AccountKind, blank=True),
            models.CheckConstraint(condition=~models.Q(keys=[]), name="listed_account_is_named"),
        ]
        indexes = [GinIndex(fields=["keys"], name="listed_account_keys")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.spoken} · {self.network_name}"

    @property
    def spoken(self) -> str:
        """Its name with @ and server, else its number on the network."""
        if not self.handle:
            return self.remote_id
        return f"@{self.handle}@{self.server}" if self.server and many_servers(self.network) else f"@{self.handle}"

    @property
    def network_name(self) -> str:
        return network_name(self.network)
