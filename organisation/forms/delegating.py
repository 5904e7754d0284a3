"""A role lent to a colleague while its holder is away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.actions import delegate_right
from organisation.fields import MomentFormField, within_time
from organisation.forms.base import ActionForm
from organisation.models import Delegation, Grant, Person
from organisation.queries.delegations import colleagues, own_to_lend


def _moment(label: Any, *, required: bool, help_text: Any = "") -> MomentFormField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentFormField(label=label, required=required, validators=[within_time], widget=widget, help_text=help_text)


def _role(grant: Any) -> str:
    return f"{grant.role_label} · {grant.unit.name}"


def _colleague(person: Any) -> str:
    return f"{person.name} · {person.unit.name}"


class DelegationWriting(ActionForm):
    """The fields of `DelegationForm`."""

    grant = forms.ModelChoiceField(label=_("Role"), queryset=Grant.objects.none(), empty_label=None)
    delegate = forms.ModelChoiceField(
        label=_("Stand-in"),
        queryset=Person.objects.none(),
        help_text=_("A colleague who works where the role holds, or in your unit."),
    )
    begins = _moment(_("From"), required=False, help_text=_("Leave it empty for now."))
    ends = _moment(_("Until"), required=True, help_text=_("Within half a year. It ends by itself."))
    reason = forms.CharField(
        label=_("Why?"), max_length=500, error_messages={"required": _("Say why: the reason stands in the story.")}
    )
    text = forms.CharField(
        label=_("What is delegated, in writing"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As you would sign it: what they decide for you, and what waits until you are back."),
        error_messages={"required": _("Write down what is delegated: a delegation is in writing.")},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        fields: dict[str, Any] = self.fields
        own = own_to_lend(person)
        fields["grant"].queryset = own
        fields["delegate"].queryset = colleagues(person, own)
        fields["grant"].label_from_instance, fields["delegate"].label_from_instance = _role, _colleague

    def save(self) -> Delegation | None:
        return self.carry_out(delegate_right, by=self.person, **self.cleaned_data)
