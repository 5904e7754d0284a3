"""Forms parse, and hand over to an action; what the action refuses comes back to the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from organisation import audit, policy
from organisation.actions import (
    add_closure,
    change_closure,
    give_grant,
    invite_person,
    set_office_hours,
    use_link,
)
from organisation.clock import database_now
from organisation.enums import Language, Permission
from organisation.fields import MomentFormField, one_line, within_time
from organisation.lifecycle import Refused, Unconfirmed
from organisation.models import Closure, Grant, Person, Unit
from organisation.plain import all_plain
from organisation.queries import units_where
from organisation.queries.units import roles_to_give, units_to_give_in
from organisation.roles import role_choices
from organisation.working_time import CALENDARS, WorkingCalendar

R = TypeVar("R")

if TYPE_CHECKING:  # generic for the type checker only
    ModelForm = forms.ModelForm[Unit]
else:
    ModelForm = forms.ModelForm


class ActionForm(forms.Form):
    """A form that ends in an action. Whatever is refused stands at its field, and all that was typed stays.

    `asked` is what the action wants to have confirmed first, for a form that has the field for it (`MeantField`).
    """

    asked: Unconfirmed | None = None

    def full_clean(self) -> None:
        """Looks at what was typed as it would be kept; a password is what its person types."""
        as_typed = {self.add_prefix(name) for name, field in self.fields.items() if not getattr(field, "strip", True)}
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            for name, texts in [one for one in self.data.lists() if one[0] not in as_typed]:
                self.data.setlist(name, all_plain(texts))
        super().full_clean()

    def carry_out(self, action: Callable[..., R], **kwargs: Any) -> R | None:
        """The action's result, or None when it was refused and the form now says why. Call it on a valid form only.

        Conflict and PermissionDenied are not a form's business: they pass through to their own pages.
        """
        try:
            return action(**kwargs)
        except Refused as refused:
            self.asked = refused if isinstance(refused, Unconfirmed) else None
            for reason in refused.reasons:
                self.add_error(self._here(refused.field), reason)
        except ValidationError as wrong:
            told = wrong.message_dict if hasattr(wrong, "error_dict") else {NON_FIELD_ERRORS: wrong.messages}
            for name, sentences in told.items():
                for sentence in sentences:
                    self.add_error(self._here(name), sentence)
        return None

    def _here(self, name: str | None) -> str | None:
        return name if name in self.fields else None


class MeantField(forms.CharField):
    """Holds the yes to what `ActionForm.asked` asks; `components/meant.html` draws its box."""

    def __init__(self) -> None:
        super().__init__(label=_("It is meant so"), required=False, max_length=64, widget=forms.HiddenInput)


class PersonRequest(HttpRequest):
    """A request of somebody who signed in: what every view behind `login_required` is given."""

    user: Person


class HtmxRequest(HttpRequest):
    """What the htmx middleware makes of every request."""

    htmx: HtmxDetails


def wants_part(request: HttpRequest) -> bool:
    """True when a script asks for the part of a page that changes alone. Going back takes the whole page."""
    asked = cast("HtmxRequest", request).htmx
    return bool(asked) and not asked.history_restore_request


class ReasonForm(ActionForm):
    """For acts that ask why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the reason stands in the story.")},
    )


class OptionalReasonForm(ActionForm):
    """For acts that may be told why."""

    reason = forms.CharField(label=_("Why?"), max_length=500, required=False)


class FilterForm(forms.Form):
    """A list's filters, all optional; a value that makes no sense filters nothing."""

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class PeopleFilter(FilterForm):
    named = forms.CharField(label=_("Name or e-mail"), required=False, max_length=150)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=lambda: [("", _("Every role")), *role_choices()])

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Every unit")), *((unit.slug, unit.name) for unit in units)]


class AuditFilter(FilterForm):
    who = forms.CharField(label=_("Who"), required=False, max_length=150)
    what = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    thing = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["what"]
        said = sorted((str(audit.sentence(verb)).replace("%(actor)s", "…"), verb) for verb in audit.verbs())
        field.choices = [("", _("Everything")), *((verb, words) for words, verb in said)]


def _managed(person: Person) -> Any:
    units = units_where(person, Permission.PERSON_MANAGE)
    return Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")


class InviteForm(ActionForm):
    name = forms.CharField(label=_("Name"), max_length=150, validators=[one_line])
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("With it they sign in."))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    language = forms.ChoiceField(label=_("Language in which Parvis speaks to them"), choices=Language.choices)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        field: Any = self.fields["unit"]
        field.queryset = _managed(person)

    def clean_email(self) -> str:
        """As it is kept: small, in which some signs become two."""
        email = str(self.cleaned_data["email"]).lower()
        self.fields["email"].run_validators(email)
        return email

    def save(self) -> Person | None:
        return self.carry_out(invite_person, by=self.person, **self.cleaned_data)


class PasswordForm(ActionForm):
    """What somebody chooses who came with a one-time link."""

    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least twelve characters. Four words that only you would put together are easy to keep."),
    )
    again = forms.CharField(
        label=_("The same once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(_("This is not the same password."))
        return again

    def save(self, digest: str) -> Person | None:
        return self.carry_out(use_link, digest=digest, password=self.cleaned_data["password"])


class GrantForm(ActionForm):
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    unit = forms.ModelChoiceField(
        label=_("In"), queryset=Unit.objects.none(), empty_label=None, help_text=_("It holds there and in all below.")
    )
    until = MomentFormField(
        label=_("Until"),
        required=False,
        validators=[within_time],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave it empty for no end."),
    )

    def __init__(self, *args: Any, person: Person, holder: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.holder = person, holder
        units = units_to_give_in(person)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")
        given = frozenset[str]().union(*(roles_to_give(person, unit) for unit in units))
        fields["role"].choices = [choice for choice in role_choices() if choice[0] in given]
        self.initial.setdefault("unit", holder.unit_id)

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and until <= database_now():
            raise ValidationError(_("This moment has passed. Choose a later one."))
        return until

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "unit" in told and "role" in told and told["role"] not in roles_to_give(self.person, told["unit"]):
            self.add_error("role", policy.GIVEN_ABOVE)
        return told

    def save(self) -> Grant | None:
        return self.carry_out(give_grant, person=self.holder, by=self.person, **self.cleaned_data)


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
