"""Access reviews: started for a unit, narrowed by what became of a role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.access_review import LineState
from organisation.actions import start_review
from organisation.forms.base import ActionForm, FilterForm
from organisation.forms.people import managed_units
from organisation.models import AccessReview, Person, Unit


class ReviewForm(ActionForm):
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        empty_label=None,
        help_text=_(
            "Every role held there and in all below becomes a line, but for those of people who hold a role beyond the "
            "units that you administer."
        ),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("What nobody has confirmed by the end of this day lapses."),
    )
    reason = forms.CharField(
        label=_("Why now?"),
        max_length=500,
        error_messages={"required": _("Say why: the reason stands in the story.")},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        field: Any = self.fields["unit"]
        field.queryset = managed_units(person)

    def save(self) -> AccessReview | None:
        return self.carry_out(start_review, by=self.person, **self.cleaned_data)


class LineFilter(FilterForm):
    state = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=lambda: [("", _("Every role")), *LineState.choices],
    )
    named = forms.CharField(label=_("Name"), required=False, max_length=150)
