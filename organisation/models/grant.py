from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.roles import ROLES


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self) -> GrantQuerySet:
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gt=Now()), revoked_at__isnull=True)


class Grant(models.Model):
    """A person holds a role in a unit and below, until a date where one is set."""

    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=40)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="grants", verbose_name=_("unit"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit"], condition=models.Q(revoked_at__isnull=True), name="one_open_grant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role_label} · {self.unit}"

    @property
    def role_label(self) -> str:
        return str(ROLES[self.role].label) if self.role in ROLES else self.role
