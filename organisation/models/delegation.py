from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models.grant import Grant, open_to
from organisation.models.person import Person
from organisation.models.unit import Unit

# Longer than this nobody is merely away: their work is given to somebody else.
LONGEST_DELEGATION = timedelta(days=184)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self) -> DelegationQuerySet:
        """While it lasts, its delegator still holds the role and is here, and nobody ended it."""
        held = open_to("grant__") & models.Q(grant__person__is_active=True)
        return self.to_come_or_in_force().filter(held, begins__lte=Now())

    def to_come_or_in_force(self) -> DelegationQuerySet:
        """Neither over nor ended, whether or not it has begun."""
        return self.filter(revoked_at__isnull=True, ends__gt=Now(), grant__revoked_at__isnull=True)


class Delegation(models.Model):
    """In writing: while somebody is away, a named colleague acts by a role of theirs, from a moment to another.

    It lends the grant itself, so it is never more than that one, and ends with it.
    """

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="delegations", verbose_name=_("role"))
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="delegations", verbose_name=_("stand-in"))
    begins = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    text = models.TextField(_("what is delegated, in writing"), max_length=4000)
    given_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(text=""), name="delegation_is_in_writing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} · {self.grant}"

    @property
    def unit(self) -> Unit:
        """Where the role holds."""
        return self.grant.unit

    @property
    def person(self) -> Person:
        """Whose role it is."""
        return self.grant.person
