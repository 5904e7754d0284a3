"""People and their roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisation import policy
from organisation.actions import give_grant, invite_person, make_group_rule, move_person, use_link
from organisation.clock import database_now
from organisation.enums import Language, Permission
from organisation.fields import MomentFormField, one_line, within_time
from organisation.forms.base import ActionForm, FilterForm
from organisation.models import Grant, GroupRule, Person, Unit
from organisation.queries import units_where
from organisation.queries.units import roles_to_give, units_to_give_in
from organisation.roles import role_choices


class PeopleFilter(FilterForm):
    named = forms.CharField(label=_("Name or e-mail"), required=False, max_length=150)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=lambda: [("", _("Every role")), *role_choices()])

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Every unit")), *((unit.slug, unit.name) for unit in units)]


class UnitChoice(FilterForm):
    """One of the units in sight."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [(unit.slug, unit.name) for unit in units]


def managed_units(person: Person) -> Any:
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
        field.queryset = managed_units(person)

    def clean_email(self) -> str:
        """As it is kept: small, in which some signs become two."""
        email = str(self.cleaned_data["email"]).lower()
        self.fields["email"].run_validators(email)
        return email

    def save(self) -> Person | None:
        return self.carry_out(invite_person, by=self.person, **self.cleaned_data)


class MoveForm(ActionForm):
    """Where somebody works from now on."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=_("Why?"), max_length=500, error_messages={"required": _("Say why: the reason stands in the story.")}
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_move_%s")
        super().__init__(*args, **kwargs)
        self.person = person
        field: Any = self.fields["unit"]
        field.queryset = managed_units(person)

    def save(self, moved: Person) -> Person | None:
        return self.carry_out(move_person, person=moved, by=self.person, **self.cleaned_data)


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


class GroupRuleForm(GrantForm):
    """A role for everybody in a group of the administration's provider."""

    group = forms.CharField(
        label=_("Group"),
        max_length=255,
        validators=[one_line],
        help_text=_("As the provider writes it, capitals and all."),
    )
    field_order = ("group", "role", "unit", "until")

    def save(self) -> GroupRule | None:  # type: ignore[override]
        return self.carry_out(make_group_rule, by=self.person, **self.cleaned_data)
