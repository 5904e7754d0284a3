from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from delivery.enums import CHECK_FIRST, OWN, HoldCause, HoldScope
from organisation.choices import known


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self) -> HoldQuerySet:
        """Neither lifted nor over, by the database's clock."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=Now()), lifted_at__isnull=True)


class Hold(models.Model):
    """A freeze. `unit` is the root for an organisation, the account's unit for an account; without one (only Parvis
    itself places such a hold) it stops everything there is."""

    scope = models.CharField(_("what it stops"), max_length=12, choices=HoldScope)
    cause = models.CharField(max_length=12, choices=HoldCause, default=HoldCause.PERSON)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    account = models.ForeignKey(
        "accounts_registry.Account", models.PROTECT, null=True, related_name="holds", verbose_name=_("account")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    placed_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("placed by")
    )
    # Where the placer's own right reached from: it is lifted from there or above. None: over everything there is.
    placed_from = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("placed from")
    )
    # Placed by somebody who leads in a crisis there: a unit's administrator does not lift it.
    by_crisis_cell = models.BooleanField(default=False, db_default=False, editable=False)
    placed_at = models.DateTimeField(_("since"), db_default=Now())
    until = models.DateTimeField(_("until"), null=True)
    lifted_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lift_reason = models.CharField(max_length=500, blank=True, default="")

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("freeze")
        verbose_name_plural = _("freezes")
        ordering = ["-placed_at", "-id"]
        constraints = [
            known("scope", HoldScope),
            known("cause", HoldCause),
            models.CheckConstraint(
                condition=Q(scope=HoldScope.ACCOUNT, account__isnull=False, unit__isnull=False)
                | Q(scope=HoldScope.UNIT, account__isnull=True, unit__isnull=False)
                | Q(scope=HoldScope.ORGANISATION, account__isnull=True),
                name="hold_names_what_it_stops",
            ),
            models.CheckConstraint(
                condition=~Q(cause=HoldCause.PERSON) | (~Q(reason="") & Q(placed_by__isnull=False)),
                name="hold_of_a_person_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["cause"],
                condition=Q(cause__in=OWN, lifted_at__isnull=True),
                name="one_hold_a_cause_of_its_own",
            ),
        ]
        indexes = [models.Index(fields=["scope"], condition=Q(lifted_at__isnull=True), name="hold_in_force")]

    def __str__(self) -> str:
        return f"{self.scope_label}: {self.why}"

    @property
    def scope_label(self) -> str:
        """What it stops, in words: "Whole organisation", the unit's or the account's name."""
        if self.scope == HoldScope.ACCOUNT and self.account is not None:
            return str(self.account.label)
        if self.scope == HoldScope.UNIT and self.unit is not None:
            return self.unit.name
        return str(HoldScope.ORGANISATION.label)

    @property
    def why(self) -> str:
        """The person's reason, or Parvis's own in the reader's language."""
        return self.reason if self.cause == HoldCause.PERSON else str(HoldCause(self.cause).label)

    @property
    def check_first(self) -> str:
        """What to make sure of before it is lifted; empty for a person's own."""
        return str(CHECK_FIRST.get(self.cause, ""))

    @property
    def who(self) -> str:
        return str(self.placed_by) if self.placed_by is not None else "Parvis"
