"""Forms of approvals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.actions import NewStep, set_route
from approvals.enums import Place
from approvals.models import Route
from approvals.models.route import MOST_HANDS
from approvals.subjects import registered
from organisation.enums import Permission
from organisation.forms import ActionForm
from organisation.models import Person, Unit
from organisation.queries import visible_units, within
from organisation.roles import ROLES, holding

MOST_STEPS = 3


class RouteForm(ActionForm):
    """A unit, a kind of thing, and up to three steps; a step without a place is none."""

    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        empty_label=None,
        help_text=_("They hold there and in all units below, and for whatever goes out on an account of these units."),
    )
    kind = forms.ChoiceField(label=_("For"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        fields: Any = self.fields
        fields["unit"].queryset = Unit.objects.filter(within(person, Permission.UNIT_MANAGE, field="")).order_by("path")
        fields["kind"].choices = [(one.kind, one.label) for one in registered()]
        for number in range(1, MOST_STEPS + 1):
            self.fields |= dict(self._step(number))

    def _step(self, number: int) -> Iterator[tuple[str, forms.Field]]:
        told = {"number": number}
        roles = dict.fromkeys(role for one in registered() for role in holding(one.permission))
        none = [] if number == 1 else [("", _("No such step"))]
        yield (
            f"place_{number}",
            forms.ChoiceField(
                label=_("Step %(number)s: who") % told, choices=[*none, *Place.choices], required=number == 1
            ),
        )
        yield (
            f"unit_{number}",
            forms.ModelChoiceField(
                label=_("Step %(number)s: which other unit") % told,
                queryset=visible_units(self.person),
                required=False,
                empty_label=_("No other unit"),
            ),
        )
        yield (
            f"role_{number}",
            forms.ChoiceField(
                label=_("Step %(number)s: role") % told,
                choices=[("", _("Whoever may approve")), *((key, ROLES[key].label) for key in roles)],
                required=False,
            ),
        )
        yield (
            f"hands_{number}",
            forms.IntegerField(
                label=_("Step %(number)s: how many people") % told, min_value=1, max_value=MOST_HANDS, initial=1
            ),
        )

    def clean(self) -> dict[str, Any]:
        """What is said about a step that names nobody would be lost, and what follows it would be another step."""
        told = super().clean() or {}
        for n in range(2, MOST_STEPS + 1):
            if f"place_{n}" in told and not told[f"place_{n}"] and self._is_meant(n):
                self.add_error(f"place_{n}", _("Say who takes this step, or leave it and all that follow it empty."))
        return told

    def _is_meant(self, number: int) -> bool:
        """Whether something is said of this step, or of one that follows."""
        told = self.cleaned_data
        return bool(told.get(f"unit_{number}") or told.get(f"role_{number}")) or any(
            told.get(f"place_{n}") for n in range(number + 1, MOST_STEPS + 1)
        )

    def save(self) -> Route | None:
        told = self.cleaned_data
        steps = [
            NewStep(told[f"place_{n}"], told[f"unit_{n}"], told[f"role_{n}"], told[f"hands_{n}"])
            for n in range(1, MOST_STEPS + 1)
            if told[f"place_{n}"]
        ]
        return self.carry_out(set_route, unit=told["unit"], kind=told["kind"], steps=steps, by=self.person)
