"""What forms and the API hold a moment, and a name, to; wall times, kept without a zone; words that are searched."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Lookup
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    Base = models.Field[datetime | str | None, datetime | None]
else:
    Base = models.Field

# Nearer the ends of time a moment has no year in some zone: once stored, no page could show it.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def within_time(moment: datetime) -> None:
    """ValidationError for an aware moment that is nobody's plan, and that could not be shown everywhere."""
    if not EARLIEST <= moment < LATEST:
        raise ValidationError(_("Choose a moment between the years 1900 and 9000."))


def has_hour(told: object) -> bool:
    """False for a day alone, which a machine would take for its first minute: nobody means midnight."""
    return not (isinstance(told, str) and _DAY.fullmatch(told.strip()))


_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{8}|\d{4}-?W\d{2}(?:-?\d)?|\d{1,2}/\d{1,2}/\d{2,4}")
NO_HOUR = _("Say the hour too, like 2026-05-03 09:00.")


class MomentFormField(forms.DateTimeField):
    """A moment of which the hour is said."""

    def to_python(self, value: Any) -> Any:
        if not has_hour(value):
            raise ValidationError(NO_HOUR, code="no_hour")
        return super().to_python(value)


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


JOINERS = "\u200c\u200d"  # which some scripts write with


def one_line(words: str) -> None:
    """ValidationError for a name with line ends, controls or signs that nobody sees: in a letter, which is plain text,
    it could stand for sentences of ours."""
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") and sign not in JOINERS for sign in words):
        raise ValidationError(_("Write this on one line, without signs that nobody sees."))


@SearchVectorField.register_lookup
class Matching(Lookup):
    """`words__matching=query`: both folded already, and written as PostgreSQL reads a `tsvector` and a `tsquery`.

    No configuration takes them apart again: it would drop `#` and `@`.
    """

    lookup_name = "matching"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        words, of_words = self.process_lhs(compiler, connection)
        query, of_query = self.process_rhs(compiler, connection)
        return f"{words} @@ {query}::tsquery", (*of_words, *of_query)
