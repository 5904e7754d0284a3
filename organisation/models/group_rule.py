from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.roles import ROLES, role_choices


class GroupRule(models.Model):
    """Whoever is in `group` at the administration's provider holds a role in a unit and below, in the name of who made
    the rule: what they may no longer give, it no longer gives."""

    group = models.CharField(_("group"), max_length=255)
    role = models.CharField(_("role"), max_length=40, choices=role_choices)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("rule for a group")
        verbose_name_plural = _("rules for groups")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=list(ROLES)) | models.Q(ended_at__isnull=False),
                name="group_rule_role_is_known",
            ),
            models.UniqueConstraint(
                fields=["group", "role", "unit"], condition=models.Q(ended_at__isnull=True), name="one_open_group_rule"
            ),
        ]

    def __str__(self) -> str:
        return self.group

    @property
    def role_label(self) -> str:
        return str(ROLES[self.role].label) if self.role in ROLES else self.role
