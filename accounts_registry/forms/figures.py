from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.figures import MOST, note_figure
from accounts_registry.enums.figure import Measure
from accounts_registry.models import Account
from organisation.forms import ActionForm
from organisation.models import Person


class FigureForm(ActionForm):
    """A figure that somebody knows of an account."""

    measure = forms.ChoiceField(label=_("What was counted?"), choices=Measure.choices)
    value = forms.IntegerField(label=_("How many?"), min_value=0, max_value=MOST)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("For example the network's own statistics page.")
    )

    def __init__(self, *args: Any, account: Account, person: Person, **kwargs: Any) -> None:
        self.account, self.person = account, person
        kwargs["initial"] = {"on": account.today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def save(self) -> bool:
        return self.carry_out(note_figure, account=self.account, by=self.person, **self.cleaned_data) is not None
