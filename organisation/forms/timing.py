"""Fields for a wall time: of a post, of a session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from organisation.fields import NO_HOUR, has_hour

WHICH = [("", _("It comes only once")), ("0", _("The first, before the clock goes back")), ("1", _("The second"))]


class WallTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"step": 60})


class WallTimeFormField(forms.Field):
    """A naive datetime. Whether it exists in its zone is the action's question, the same for every entrance."""

    widget = WallTimeInput
    default_error_messages = {"invalid": _("Write the date and time like 2026-05-03 09:00.")}

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        if not has_hour(value):
            raise forms.ValidationError(NO_HOUR, "no_hour")
        try:
            moment = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        return moment.replace(second=0, microsecond=0)


class FoldField(forms.TypedChoiceField):
    """Asked for only on the night when the clock goes back."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Which of the two?"),
            required=False,
            choices=WHICH,
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
        )
