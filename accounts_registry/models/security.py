"""What is known of how safe an account is: the network's settings, the checklists, what is borne, who stands by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.security import (
    ExceptionState,
    RecoveryOwner,
    SecondFactor,
    SecurityItem,
    SecurityLevel,
    SecurityStanding,
)
from organisation.choices import known, label_of

if TYPE_CHECKING:
    from organisation.models import Unit


class SecurityRecord(models.Model):
    """What the network's own settings are, as somebody saw them there. `edition` counts all that changes about the
    account's security, so that nobody stands by what they did not read.

    The addresses are the service's own alone: a single person's is never kept. They open the account to whoever holds
    them, and are shown to those alone who manage its access, in no export and in no story.
    """

    account = models.OneToOneField("accounts_registry.Account", models.CASCADE, related_name="security")
    second_factor = models.CharField(
        _("second factor on the network"), max_length=10, choices=SecondFactor, default=SecondFactor.UNKNOWN
    )
    recovery_phone_of = models.CharField(
        _("recovery phone"), max_length=10, choices=RecoveryOwner, default=RecoveryOwner.UNKNOWN
    )
    recovery_mail_of = models.CharField(
        _("recovery mail"), max_length=10, choices=RecoveryOwner, default=RecoveryOwner.UNKNOWN
    )
    recovery_phone = models.CharField(_("number of the service"), max_length=40, blank=True, default="")
    recovery_mail = models.CharField(_("mail address of the service"), max_length=254, blank=True, default="")
    edition = models.PositiveIntegerField(default=1)
    attested_at = models.DateTimeField(_("last attested"), null=True)
    get_second_factor_display = label_of("second_factor", SecondFactor)
    get_recovery_phone_of_display = label_of("recovery_phone_of", RecoveryOwner)
    get_recovery_mail_of_display = label_of("recovery_mail_of", RecoveryOwner)

    class Meta:
        verbose_name = _("security record")
        verbose_name_plural = _("security records")
        constraints = [
            known("second_factor", SecondFactor),
            known("recovery_phone_of", RecoveryOwner),
            known("recovery_mail_of", RecoveryOwner),
            models.CheckConstraint(
                condition=(models.Q(recovery_phone="") | models.Q(recovery_phone_of="service"))
                & (models.Q(recovery_mail="") | models.Q(recovery_mail_of="service")),
                name="recovery_of_the_service_alone",
            ),
        ]

    def __str__(self) -> str:
        """Never an address."""
        return f"{_('Security record')} {self.account_id}"

    @property
    def unit(self) -> Unit:
        return self.account.unit


class SecurityCheck(models.Model):
    """How one item stands, by what evidence, as somebody saw it on a day."""

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="security_checks")
    item = models.CharField(_("item"), max_length=20, choices=SecurityItem)
    level = models.CharField(_("how it stands"), max_length=10, choices=SecurityLevel)
    evidence = models.TextField(_("evidence"), blank=True, default="")
    checked_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("looked at by")
    )
    checked_on = models.DateField(_("looked at on"))
    get_item_display = label_of("item", SecurityItem)
    get_level_display = label_of("level", SecurityLevel)

    class Meta:
        ordering = ["account", "pk"]
        constraints = [
            known("item", SecurityItem),
            known("level", SecurityLevel),
            models.UniqueConstraint(fields=["account", "item"], name="security_item_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.item} {self.level}"


class SecurityException(models.Model):
    """What of an account is not met and borne for a while: asked for by one, accepted by another, until a day."""

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="security_exceptions")
    item = models.CharField(_("item"), max_length=20, choices=SecurityItem)
    state = models.CharField(_("state"), max_length=10, choices=ExceptionState, default=ExceptionState.ASKED)
    why = models.TextField(_("why it is not met"))
    until = models.DateField(_("until"))
    asked_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    decided_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    get_item_display = label_of("item", SecurityItem)
    get_state_display = label_of("state", ExceptionState)

    class Meta:
        verbose_name = _("security exception")
        verbose_name_plural = _("security exceptions")
        ordering = ["-id"]
        constraints = [
            known("item", SecurityItem),
            known("state", ExceptionState),
            models.UniqueConstraint(
                fields=["account", "item"],
                condition=models.Q(state__in=["asked", "accepted"]),
                name="security_exception_stands_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["accepted", "expired"])
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by")),
                name="security_exception_by_two",
            ),
            models.CheckConstraint(condition=~models.Q(why=""), name="security_exception_says_why"),
        ]
        indexes = [
            models.Index(fields=["until"], condition=models.Q(state="accepted"), name="security_exception_by_day")
        ]

    def __str__(self) -> str:
        return f"{_('Security exception')} {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.account.unit


class SecurityAttestation(models.Model):
    """Somebody who manages the account stood by its record as of `edition`; never changed after."""

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="security_attestations")
    edition = models.PositiveIntegerField()
    standing = models.CharField(_("how it stood"), max_length=10, choices=SecurityStanding)
    attested_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("attested by")
    )
    attested_at = models.DateTimeField(_("attested"), db_default=Now())
    get_standing_display = label_of("standing", SecurityStanding)

    class Meta:
        ordering = ["-id"]
        constraints = [known("standing", SecurityStanding)]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.attested_at:%Y-%m-%d}"
