from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import (
    AccountKind,
    AccountState,
    Audience,
    ConnectionState,
    Maturity,
    Term,
    network_sentence,
)
from networks.catalogue import NETWORKS
from organisation.choices import known
from organisation.clock import database_today
from organisation.enums import Language

if TYPE_CHECKING:
    from accounts_registry.models.server import Server


class Account(models.Model):
    """One presence on one network. It exists only behind an approved dossier, and acts only while active.

    `server_told` is what `queries.know_servers` brought to hand.
    """

    server_told: Server | None

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="accounts", verbose_name=_("unit"))
    dossier = models.OneToOneField(
        "accounts_registry.JustificationDossier", models.PROTECT, related_name="account", verbose_name=_("dossier")
    )
    network = models.CharField(_("network"), max_length=30)
    base_url = models.URLField(_("server"), max_length=200)
    handle = models.CharField(_("name on the network"), max_length=150)
    # What the network called it when it was last connected, where that is not the name that was approved.
    told_handle = models.CharField(
        _("name that the network tells"), max_length=150, blank=True, default="", db_default="", editable=False
    )
    # The name that the committee approved instead, until the network tells it; and those that it bore before.
    expected_handle = models.CharField(
        _("name that was approved since"), max_length=150, blank=True, default="", db_default="", editable=False
    )
    former_handles = ArrayField(
        models.CharField(max_length=150),
        verbose_name=_("names that it bore before"),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
    )
    remote_id = models.CharField(max_length=200, blank=True, default="")
    url = models.URLField(_("public address"), max_length=500, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=20, choices=AccountKind)
    purpose = models.TextField(_("purpose"))
    audiences = ArrayField(models.CharField(max_length=30, choices=Audience), verbose_name=_("audiences"))
    languages = ArrayField(models.CharField(max_length=2, choices=Language), verbose_name=_("languages"))
    maturity = models.CharField(
        _("maturity"),
        max_length=20,
        choices=Maturity,
        default=Maturity.EXPERIMENTAL,
        db_default=Maturity.EXPERIMENTAL,
    )
    term = models.CharField(_("term"), max_length=20, choices=Term, default=Term.PERMANENT, db_default=Term.PERMANENT)
    # The last day of a trial or a campaign, in the unit's own time.
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    owner = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("owner"))
    backup_holder = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("backup holder")
    )
    pair = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("language pair")
    )
    state = models.CharField(_("state"), max_length=20, choices=AccountState, default=AccountState.PLANNED)
    # From where a right reached here that suspended it: from there, or above, it is reactivated.
    suspended_from = models.ForeignKey(
        "organisation.Unit",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("suspended from"),
    )
    # While it closes: whether what was scheduled before still goes out.
    lets_out = models.BooleanField(default=False, db_default=False, editable=False)
    review_on = models.DateField(_("next review"))
    reviewed_at = models.DateTimeField(_("last review"), null=True, blank=True, editable=False)
    # When one of its holders last said that what stands here is right.
    confirmed_at = models.DateTimeField(_("facts confirmed"), null=True, blank=True, editable=False)
    # Counts what people changed of the facts above: a form that shows older ones overwrites nothing.
    edition = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    connection_state = models.CharField(
        _("connection"), max_length=20, choices=ConnectionState, default=ConnectionState.DISCONNECTED
    )
    connection_problem = models.CharField(max_length=40, blank=True, default="")
    connected_at = models.DateTimeField(_("connected since"), null=True, blank=True)
    # What a half connected account may still do. A connected one may do both, any other neither.
    may_read = models.BooleanField(default=False)
    may_write = models.BooleanField(default=False)
    # Since when the network itself has not answered; nothing is known of the credentials by that.
    unreachable_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["network", "handle"]
        constraints = [
            known("kind", AccountKind),
            known("audiences", Audience, many=True),
            known("languages", Language, many=True),
            known("maturity", Maturity),
            known("term", Term),
            models.CheckConstraint(
                condition=models.Q(term="permanent", ends_on__isnull=True)
                | (~models.Q(term="permanent") & models.Q(ends_on__isnull=False)),
                name="account_term_has_an_end",
            ),
            known("state", AccountState),
            models.CheckConstraint(
                condition=models.Q(state="closing") | models.Q(lets_out=False), name="account_lets_out_while_closing"
            ),
            known("connection_state", ConnectionState),
            models.UniqueConstraint(
                "network",
                Lower("base_url"),
                Lower("handle"),
                condition=~models.Q(state="archived"),
                name="account_stands_once",
            ),
            models.UniqueConstraint(
                fields=["network", "base_url", "remote_id"],
                condition=~models.Q(remote_id="") & ~models.Q(state="archived"),
                name="account_connected_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("backup_holder")), name="account_backup_is_somebody_else"
            ),
            models.CheckConstraint(condition=~models.Q(languages=[]), name="account_has_a_language"),
            models.CheckConstraint(
                condition=~models.Q(connection_state="connected") | models.Q(connected_at__isnull=False),
                name="account_connected_since",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As people name it: "@fin.belgium · Bluesky"."""
        return f"@{self.handle} · {self.network_name}"

    @property
    def network_name(self) -> str:
        return NETWORKS[self.network].name if self.network in NETWORKS else self.network

    @property
    def network_icon(self) -> str:
        return NETWORKS[self.network].icon if self.network in NETWORKS else "globe"

    @property
    def today(self) -> date:
        """The day that it is in its unit, by the database's clock."""
        return database_today(self.unit.zone)

    @property
    def is_over(self) -> bool:
        """True when the last day of its trial or campaign has passed."""
        return self.ends_on is not None and self.ends_on < self.today

    @property
    def publishable(self) -> bool:
        """True while something new may be sent from it, and Parvis can."""
        return self.state == AccountState.ACTIVE and self.can_write

    @property
    def may_be_looked_at(self) -> bool:
        """True while Parvis looks there for what it sent: also of an account that closes."""
        return self.state in (AccountState.ACTIVE, AccountState.CLOSING) and self.can_write

    @property
    def can_write(self) -> bool:
        """True while its connection is one by which Parvis can send."""
        half = self.connection_state == ConnectionState.HALF_CONNECTED and self.may_write
        return self.connection_state == ConnectionState.CONNECTED or half

    @property
    def connection_sentence(self) -> str:
        """What is wrong with the connection and what to do; empty when nothing is."""
        return network_sentence(self.connection_problem)

    @property
    def missing_languages(self) -> list[str]:
        """Languages of the unit that neither this account nor its pair speaks."""
        spoken = {*self.languages, *(self.pair.languages if self.pair else [])}
        return [code for code in self.unit.languages if code not in spoken]
