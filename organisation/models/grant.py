from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.roles import ROLES, role_choices

# A proposal that nobody confirmed for so long is over.
PROPOSAL_LASTS = timedelta(days=14)


def open_to(prefix: str) -> models.Q:
    """A condition on rows whose grant, at this prefix of field names, is in force."""
    lasting = models.Q(**{f"{prefix}until__isnull": True}) | models.Q(**{f"{prefix}until__gt": Now()})
    return lasting & models.Q(**{f"{prefix}revoked_at__isnull": True, f"{prefix}confirmed_at__isnull": False})


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self) -> GrantQuerySet:
        return self.filter(open_to(""))

    def proposed(self) -> GrantQuerySet:
        """What waits for a second person; after a fortnight it waits no longer."""
        return self._open().filter(confirmed_at__isnull=True, given_at__gt=Now() - PROPOSAL_LASTS)

    def lapsed(self) -> GrantQuerySet:
        """Not taken back, and over all the same."""
        waited = models.Q(confirmed_at__isnull=True, given_at__lte=Now() - PROPOSAL_LASTS)
        return self.filter(models.Q(until__lte=Now()) | waited, revoked_at__isnull=True)

    def _open(self) -> GrantQuerySet:
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=Now()), revoked_at__isnull=True)


class Grant(models.Model):
    """A person holds a role in a unit and below, until a date where one is set.

    It is a proposal while `confirmed_at` is empty. `confirmed_by` is who put it in force: a second person where the
    role asks for one; nobody where the set-up gave it, or somebody confirmed it at the server's console.
    """

    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=40, choices=role_choices)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="grants", verbose_name=_("unit"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True, db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)
    # The grant that ends when this one is put in force: prolonged, or the next step of who was new.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    # Given by the administration's provider, through a rule; and taken back since the group no longer gives it.
    by_rule = models.ForeignKey(
        "organisation.GroupRule", models.PROTECT, null=True, blank=True, editable=False, related_name="grants"
    )
    left_group = models.BooleanField(default=False, db_default=False, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=list(ROLES)) | models.Q(revoked_at__isnull=False),
                name="grant_role_is_known",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "unit"],
                condition=models.Q(revoked_at__isnull=True, confirmed_at__isnull=False),
                name="one_open_grant",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "unit"],
                condition=models.Q(revoked_at__isnull=True, confirmed_at__isnull=True),
                name="one_proposed_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role_label} · {self.unit}"

    @property
    def is_proposed(self) -> bool:
        return self.confirmed_at is None

    @property
    def lapses_at(self) -> datetime:
        """When a proposal is over."""
        return self.given_at + PROPOSAL_LASTS

    @property
    def role_label(self) -> str:
        return str(ROLES[self.role].label) if self.role in ROLES else self.role
