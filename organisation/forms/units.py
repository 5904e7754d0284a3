"""Units: their facts, and when they are open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from organisation.actions import add_closure, change_closure, set_office_hours
from organisation.enums import Language
from organisation.fields import one_line
from organisation.forms.base import ActionForm
from organisation.models import Closure, Person, Unit
from organisation.working_time import CALENDARS, WorkingCalendar

if TYPE_CHECKING:  # generic for the type checker only
    ModelForm = forms.ModelForm[Unit]
else:
    ModelForm = forms.ModelForm


class UnitForm(ModelForm):
    """The facts of a unit, each in a field of its own. `changed_facts` are what the action is given."""

    NAMES = {f"name_{language.value}": language for language in Language}

    name_fr = forms.CharField(label=_("Name in French"), required=False, max_length=200, validators=[one_line])
    name_nl = forms.CharField(label=_("Name in Dutch"), required=False, max_length=200, validators=[one_line])
    name_de = forms.CharField(label=_("Name in German"), required=False, max_length=200, validators=[one_line])
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=200, validators=[one_line])
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(zone, zone) for zone in sorted(available_timezones())]
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    working_calendar = forms.ChoiceField(
        label=_("Working calendar"), choices=lambda: [(key, one.label) for key, one in CALENDARS.items()]
    )

    class Meta:
        model = Unit
        fields = ["kind", "governance_model", "time_zone", "languages", "working_calendar"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["governance_model"].required = self.instance.depth == 1
        for field, language in self.NAMES.items():
            self.initial.setdefault(field, self.instance.names.get(language.value, ""))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["names"] = {
            language.value: told[field].strip() for field, language in self.NAMES.items() if told.get(field, "").strip()
        }
        if not told["names"]:
            raise ValidationError({"name_fr": _("Give the name in at least one language.")})
        return told

    def changed_facts(self) -> dict[str, Any]:
        changed = {"names" if name in self.NAMES else name for name in self.changed_data}
        return {name: self.cleaned_data[name] for name in sorted(changed)}


class ClosureForm(ActionForm):
    """A closure as an administrator gives it: whole days, or hours of each."""

    name_fr = forms.CharField(label=_("Name in French"), required=False, max_length=100, validators=[one_line])
    name_nl = forms.CharField(label=_("Name in Dutch"), required=False, max_length=100, validators=[one_line])
    name_de = forms.CharField(label=_("Name in German"), required=False, max_length=100, validators=[one_line])
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=100, validators=[one_line])
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty for one day."),
    )
    since = forms.TimeField(label=_("Closed from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    until = forms.TimeField(
        label=_("Closed until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Leave both hours empty for the whole day."),
    )

    def __init__(self, *args: Any, closure: Closure | None = None, **kwargs: Any) -> None:
        if closure is not None:
            told = {name: getattr(closure, name) for name in ("first", "last", "since", "until")}
            told |= {field: closure.names.get(code.value, "") for field, code in UnitForm.NAMES.items()}
            kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["last"] = told.get("last") or told.get("first")
        told["names"] = {
            code.value: told[field].strip() for field, code in UnitForm.NAMES.items() if told.get(field, "").strip()
        }
        if not told["names"]:
            self.add_error("name_fr", _("Give the name in at least one language."))
        return told

    def _facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("names", "first", "last", "since", "until")}

    def add(self, unit: Unit, by: Person) -> Closure | None:
        return self.carry_out(add_closure, unit=unit, by=by, **self._facts())

    def change(self, closure: Closure, by: Person) -> Closure | None:
        return self.carry_out(change_closure, closure=closure, by=by, **self._facts())


class HoursForm(ActionForm):
    """Office hours of each weekday; a day without hours is closed."""

    own = forms.BooleanField(
        label=_("This unit has office hours of its own"),
        required=False,
        help_text=_("Otherwise it keeps those of the unit above."),
    )

    def __init__(
        self, *args: Any, unit: Unit | None = None, calendar: WorkingCalendar | None = None, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        for day, name in WEEKDAYS.items():
            hours = calendar.hours[day] if calendar else None
            for at, edge in enumerate((_("%(day)s, open from"), _("%(day)s, open until"))):
                field = forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
                field.label = str(edge) % {"day": str(name).capitalize()}
                field.initial = hours[at] if hours else None
                self.fields[f"day_{day}_{at}"] = field
        if unit is not None:
            self.initial["own"] = bool(unit.office_hours)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for day in WEEKDAYS:
            opens, closes = (told.get(f"day_{day}_{at}") for at in (0, 1))
            if (opens is None) != (closes is None):
                self.add_error(f"day_{day}_{0 if opens is None else 1}", _("Give both hours, or none."))
        return told

    def _hours(self) -> list[list[str]]:
        if not self.cleaned_data["own"]:
            return []
        edges = [[self.cleaned_data[f"day_{day}_{at}"] for at in (0, 1)] for day in WEEKDAYS]
        return [[f"{one:%H:%M}" for one in day] if day[0] else [] for day in edges]

    def save(self, unit: Unit, by: Person) -> Unit | None:
        return self.carry_out(set_office_hours, unit=unit, hours=self._hours(), by=by)
