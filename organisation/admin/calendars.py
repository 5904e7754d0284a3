"""The working calendars as somebody checks them: this year's and next year's days off, and who works by them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within
from organisation.working_time import CALENDARS


def calendars(request: HttpRequest) -> dict[str, Any]:
    assert isinstance(request.user, Person)
    this_year = timezone.localdate().year
    units = Unit.objects.filter(within(request.user, Permission.ADMIN_SITE, field="")).order_by("path")
    users: dict[str, list[Unit]] = {}
    for unit in units:
        users.setdefault(unit.working_calendar, []).append(unit)
    told = [
        {
            "calendar": calendar,
            "years": [(year, calendar.days_off(year)) for year in (this_year, this_year + 1)],
            "units": users.get(key, []),
        }
        for key, calendar in CALENDARS.items()
    ]
    return {"calendars": told}
