from __future__ import annotations

from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from notices.enums import Way
from organisation.models import Unit


def validate_ways(value: Any) -> None:
    if not isinstance(value, dict) or set(value.values()) - set(Way.values):
        raise ValidationError(_("Choose how each kind reaches you."))


class NoticeChoices(models.Model):
    """How somebody wants to be told: hours on the wall clock of their unit, and by kind a way; who has none chose
    nothing. Within quiet hours only emergencies are mailed; with one end empty there are none."""

    person = models.OneToOneField(
        "organisation.Person", models.CASCADE, related_name="notice_choices", verbose_name=_("person")
    )
    digest_at = models.TimeField(_("hour of the daily mail"), default=time(8))
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, default=time(20))
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True, default=time(7))
    ways = models.JSONField(_("by kind"), default=dict, blank=True, validators=[validate_ways])

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")

    def __str__(self) -> str:
        return str(self.person)

    @property
    def unit(self) -> Unit:
        """Where its events stand: as the person's."""
        return self.person.unit
