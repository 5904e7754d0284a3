"""Service accounts and their keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.actions import add_service_account, make_key
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.fields import one_line
from organisation.forms.base import ActionForm
from organisation.models import ApiKey, Person, Unit
from organisation.queries import units_where, visible_people
from organisation.roles import MACHINES_MAY

LASTS = {"30": _("30 days"), "90": _("90 days"), "180": _("180 days"), "365": _("one year")}


class ServiceAccountForm(ActionForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        validators=[one_line],
        help_text=_("Which program it is, as colleagues call it."),
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    responsible = forms.ModelChoiceField(
        label=_("Answers for it"),
        queryset=Person.objects.none(),
        help_text=_("What the program writes counts as written by this person, wherever two people are asked for."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        units = [unit.pk for unit in units_where(person, Permission.PERSON_MANAGE)]
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = Unit.objects.filter(pk__in=units).order_by("path")
        people = visible_people(person).filter(is_active=True, responsible__isnull=True)
        fields["responsible"].queryset = people.order_by("name")

    def save(self) -> Person | None:
        return self.carry_out(add_service_account, by=self.person, **self.cleaned_data)


class KeyForm(ActionForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        validators=[one_line],
        help_text=_("Where the key is kept, so that it is found again."),
    )
    lasts = forms.ChoiceField(label=_("Works for"), choices=list(LASTS.items()), initial="90")
    scopes = forms.MultipleChoiceField(
        label=_("May at most"),
        choices=[(one.value, one.label) for one in Permission if one in MACHINES_MAY],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It does what is chosen here, as far as the roles of the service account allow it too."),
        error_messages={"required": _("Choose what the key may do at most.")},
    )

    def __init__(self, *args: Any, machine: Person, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.machine, self.person = machine, person

    def save(self) -> tuple[ApiKey, str] | None:
        told = self.cleaned_data
        until = database_now() + timedelta(days=int(told["lasts"]))
        facts = {"name": told["name"], "scopes": told["scopes"], "expires_at": until}
        return self.carry_out(make_key, person=self.machine, by=self.person, **facts)
