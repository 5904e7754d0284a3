"""Where a unit stands in the tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.actions import move_unit
from organisation.enums import Permission
from organisation.forms.base import ActionForm, FilterForm
from organisation.models import Person, Unit
from organisation.queries import units_where


def places_for(person: Person, unit: Unit) -> list[Unit]:
    """Below which `person` may put `unit`: what they administer of its organisation, but itself and where it stands."""
    above = unit.path[: -Unit.steplen]
    return [
        one
        for one in units_where(person, Permission.UNIT_MANAGE)
        if one.path[: Unit.steplen] == unit.path[: Unit.steplen]
        and not one.path.startswith(unit.path)
        and one.path != above
    ]


class PlaceChoice(FilterForm):
    """Which place is looked at, before anything moves."""

    parent = forms.ChoiceField(label=_("Below which unit"), required=False)

    def __init__(self, *args: Any, places: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.choices = [("", _("Choose one")), *((one.slug, one.name) for one in places)]


class MoveUnitForm(ActionForm):
    """The place that was looked at, and the token of the effects that were shown."""

    parent = forms.ModelChoiceField(queryset=Unit.objects.none(), to_field_name="slug", widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why?"), max_length=500, error_messages={"required": _("Say why: the reason stands in the story.")}
    )

    def __init__(self, *args: Any, unit: Unit, places: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        field: Any = self.fields["parent"]
        field.queryset = Unit.objects.filter(pk__in=[one.pk for one in places])

    def save(self, by: Person) -> Unit | None:
        return self.carry_out(move_unit, unit=self.unit, by=by, **self.cleaned_data)
