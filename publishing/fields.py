"""A date and time as a clock on the wall shows it, kept without any zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from organisation.fields import NO_HOUR, has_hour

if TYPE_CHECKING:
    Base = models.Field[datetime | str | None, datetime | None]
else:
    Base = models.Field


class WallTimeField(Base):
    """A naive datetime in `timestamp without time zone`: what people agreed on, whatever summer time does later."""

    description = "wall time"

    def db_type(self, connection: Any) -> str:
        return "timestamp without time zone"

    def to_python(self, value: Any) -> datetime | None:
        if value is None or value == "":
            return None
        if not has_hour(value):
            raise ValidationError(NO_HOUR, code="no_hour")
        moment = value if isinstance(value, datetime) else parse_datetime(str(value))
        if moment is None or moment.tzinfo is not None:
            raise ValidationError(_("Write the time like 2026-05-03T09:00, without a zone."))
        return moment.replace(second=0, microsecond=0, fold=0)

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.isoformat() if value else ""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, **kwargs})
