from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from organisation.enums import GovernanceModel, Language, UnitKind
from organisation.working_time import CALENDARS, DEFAULT_CALENDAR, WorkingCalendar, calendar_choices, hours_of

log = logging.getLogger(__name__)
DEFAULT_ZONE = "Europe/Brussels"


def validate_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone; write it like Europe/Brussels."), params={"value": value}
        )


def validate_names(value: Any) -> None:
    if not isinstance(value, dict) or not value or set(value) - set(Language.values) or not all(value.values()):
        raise ValidationError(_("Give the name in at least one language."))


def validate_hours(value: Any) -> None:
    """Nothing, for the hours of the unit above; else seven days from Monday, of which one at least is open."""
    if value in (None, []):
        return
    try:
        days = hours_of(value)
    except (TypeError, ValueError, IndexError):
        days = ()
    if len(days) != 7 or not any(days):
        raise ValidationError(_("Give the hours of at least one day of the week."))
    if any(day and day[0] >= day[1] for day in days):
        raise ValidationError(_("Each day closes after it opens."))


class Unit(MP_Node):
    """A service in the tree of services; `names` holds one name a language.

    A new unit comes last among its sisters and no other one's path moves: paths say where grants reach, and somebody
    may have read a path a moment ago.
    """

    slug = models.SlugField(_("short name"), unique=True)
    names = models.JSONField(_("names"), validators=[validate_names])
    kind = models.CharField(_("kind"), max_length=30, choices=UnitKind)
    # Empty where it is governed as the unit above it is (organisation/governance.py).
    governance_model = models.CharField(
        _("governance model"),
        max_length=20,
        choices=[("", _("As the unit above")), *GovernanceModel.choices],
        blank=True,
        default="",
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default=DEFAULT_ZONE, validators=[validate_zone])
    languages = ArrayField(models.CharField(max_length=2, choices=Language), verbose_name=_("languages"))
    working_calendar = models.CharField(
        _("working calendar"), max_length=30, choices=calendar_choices, default=DEFAULT_CALENDAR
    )

    # Of each weekday from Monday ["09:00", "17:00"], [] where it is closed; empty for those of the unit above.
    office_hours = models.JSONField(_("office hours"), default=list, blank=True, validators=[validate_hours])

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(condition=~models.Q(languages=[]), name="unit_has_a_language"),
            models.CheckConstraint(condition=~models.Q(names={}), name="unit_has_a_name"),
            models.CheckConstraint(condition=models.Q(kind__in=UnitKind.values), name="unit_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(governance_model__in=["", *GovernanceModel.values]), name="unit_governance_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(depth=1, governance_model=""), name="organisation_has_a_governance_model"
            ),
            models.CheckConstraint(
                condition=models.Q(languages__contained_by=Language.values), name="unit_languages_are_known"
            ),
            models.CheckConstraint(
                condition=models.Q(working_calendar__in=list(CALENDARS)), name="unit_calendar_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language where there is one, else in the unit's first."""
        order = [(get_language() or "")[:2], *self.languages, *self.names]
        return next((self.names[code] for code in order if code in self.names), self.slug)

    @property
    def zone(self) -> ZoneInfo:
        """The unit's own; a name that this machine does not know stops nobody's work."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            log.warning("unit %s: no time zone %r, %s is taken", self.slug, self.time_zone, DEFAULT_ZONE)
            return ZoneInfo(DEFAULT_ZONE)

    @property
    def calendar(self) -> WorkingCalendar:
        """The unit's working days by rule, in its zone; a name that nobody knows stops nobody's work.

        What it is really open follows from the units above too (`organisation.queries.calendar_of`).
        """
        if self.working_calendar not in CALENDARS:
            log.warning("unit %s: no calendar %r, %s is taken", self.slug, self.working_calendar, DEFAULT_CALENDAR)
            return replace(CALENDARS[DEFAULT_CALENDAR], zone=self.zone)
        return replace(CALENDARS[self.working_calendar], zone=self.zone)

    @property
    def unit(self) -> Unit:
        """A unit stands in itself: whoever may act in it may act on it."""
        return self
