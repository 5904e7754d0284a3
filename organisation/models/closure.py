from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models.unit import validate_names
from organisation.working_time import Closed

LONGEST = 366  # days; whoever is closed for longer no longer answers


class Closure(models.Model):
    """Days on which a unit, and all below it, is closed besides legal holidays: bridge days, local feasts, a move.

    Both days are included; with `since` and `until` it is closed for these hours of each day.
    """

    unit = models.ForeignKey("organisation.Unit", models.CASCADE, related_name="closures", verbose_name=_("unit"))
    names = models.JSONField(_("names"), validators=[validate_names])
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    since = models.TimeField(_("closed from"), null=True, blank=True)
    until = models.TimeField(_("closed until"), null=True, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(names={}), name="closure_has_a_name"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="closure_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(since__isnull=True, until__isnull=True)
                | Q(since__isnull=False, until__isnull=False, since__lt=F("until")),
                name="closure_hours_are_two",
            ),
        ]

    def __str__(self) -> str:
        return self.closed.name

    @property
    def closed(self) -> Closed:
        """As the working calendar reckons with it."""
        return Closed(self.first, self.last, self.since, self.until, self.names)

    def clean(self) -> None:
        wrong: dict[str, Any] = {}
        if self.first and self.last and self.last < self.first:
            wrong["last"] = _("The last day comes before the first.")
        elif self.first and self.last and (self.last - self.first).days >= LONGEST:
            wrong["last"] = _("A closure lasts for a year at most.")
        if (self.since is None) != (self.until is None):
            wrong["until" if self.since else "since"] = _("Give both hours, or none for the whole day.")
        elif self.since and self.until and self.until <= self.since:
            wrong["until"] = _("This hour is not after the first one.")
        if wrong:
            raise ValidationError(wrong)
