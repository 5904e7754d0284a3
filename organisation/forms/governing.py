"""By which model a unit is governed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.actions import change_governance
from organisation.enums import GovernanceModel
from organisation.forms.base import ActionForm, FilterForm
from organisation.models import Person, Unit

ABOVE = "above"  # how a page writes that the unit has no model of its own


def _models(unit: Unit) -> list[tuple[str, Any]]:
    """All but the present one."""
    above = [] if unit.depth == 1 else [(ABOVE, _("As the unit above"))]
    now = unit.governance_model or ABOVE
    return [(key, label) for key, label in [*above, *GovernanceModel.choices] if key != now]


class ModelChoice(FilterForm):
    """Which model is looked at, before anything is changed."""

    model = forms.ChoiceField(label=_("Another model"), required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["model"]
        field.choices = [("", _("Choose one")), *_models(unit)]


class GovernanceForm(ActionForm):
    """The model that was looked at, and the token of the effects that were shown."""

    model = forms.ChoiceField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why?"), max_length=500, error_messages={"required": _("Say why: the reason stands in the story.")}
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        field: Any = self.fields["model"]
        field.choices = _models(unit)

    def save(self, by: Person) -> Unit | None:
        told = {**self.cleaned_data, "model": self.cleaned_data["model"].replace(ABOVE, "")}
        return self.carry_out(change_governance, unit=self.unit, by=by, **told)
