from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import declare_none, report_sighting, update_sighting
from accounts_registry.enums import AbuseState, Discovery, SightingKind, SightingState
from accounts_registry.forms.dossiers import network_choices
from accounts_registry.models import Account, NilReturn, Sighting
from accounts_registry.queries.sightings import imitable_accounts
from organisation.enums import Permission
from organisation.forms import ActionForm, FilterForm, ReasonForm
from organisation.long_forms import LongForm
from organisation.models import Person, Unit
from organisation.queries import units_where
from organisation.sentences import colon

YES, NO = "yes", "no"
DAY = {"type": "date"}


def _day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs={**DAY, **attrs}, format="%Y-%m-%d")


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or that nobody looked yet."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", _("Nobody looked yet")), (YES, _("Yes")), (NO, _("No"))]
        super().__init__(choices=choices, coerce=lambda told: told == YES, empty_value=None, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: YES, False: NO, None: ""}.get(value, value)


class SightingFacts(LongForm):
    """What people saw of an account. Whatever weighs in its score may stay open."""

    kind = forms.ChoiceField(label=_("What it is"), choices=SightingKind.choices, widget=forms.RadioSelect)
    shown_name = forms.CharField(
        label=_("Name shown"), required=False, max_length=200, help_text=_("As the account's page shows it.")
    )
    uses_our_name = YesNoField(label=_("Does it bear our name or our logo?"))
    links_to_us = YesNoField(label=_("Does it link to our official site?"))
    asks = YesNoField(label=_("Does it ask people for money or data?"))
    created_on = forms.DateField(label=_("On the network since"), required=False, widget=_day())
    imitates = forms.ModelChoiceField(
        label=_("Account of ours that it imitates"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=_("None in particular"),
    )
    words_seen = forms.CharField(
        label=_("Words seen there"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only what shows what it does: nothing of the people whom it speaks to."),
    )
    note = forms.CharField(
        label=_("Note for colleagues"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        imitates: Any = self.fields["imitates"]
        imitates.queryset = imitable_accounts(person)


class SightingForm(SightingFacts):
    kept_as = "sighting"

    account = forms.CharField(
        label=_("Account"),
        max_length=500,
        help_text=_("Its web address, or its name with its network: copy the address of its own page."),
    )
    network = forms.ChoiceField(
        label=_("Network"),
        required=False,
        choices=lambda: [("", _("As the address says")), *network_choices()],
        help_text=_("Only where you give a mere name."),
    )
    unit = forms.ModelChoiceField(label=_("Unit concerned"), queryset=Unit.objects.none(), empty_label=None)
    found = forms.ChoiceField(label=_("How it was found"), choices=Discovery.choices, initial=Discovery.HAND)
    field_order = ["account", "network", "kind", "unit", "found"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_where(self.person, Permission.SIGHTING_REPORT)
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.filter(pk__in=[one.pk for one in units]).order_by("path")
        self.initial.setdefault("unit", self.person.unit_id)

    def save(self) -> Sighting | None:
        return self.carry_out(report_sighting, by=self.person, **self.cleaned_data)


class SightingFactsForm(SightingFacts):
    kept_as = "sighting-facts"
    version_field = "edition"

    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sighting: Sighting, **kwargs: Any) -> None:
        told = {name: getattr(sighting, name) for name in type(self).base_fields}
        kwargs["initial"] = {**told, "imitates": sighting.imitates_id, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.sighting = sighting
        self.theirs = ""

    def save(self) -> Sighting | None:
        """The sighting as it now stands, or None when the form says what was refused, and what others wrote."""
        facts = self.cleaned_data
        saved = self.carry_out(update_sighting, sighting=self.sighting, by=self.person, **facts)
        self.sighting.refresh_from_db()
        if saved is None and self.sighting.edition != facts["edition"]:
            now = {name: getattr(self.sighting, name) for name in facts if name != "edition"}
            self.theirs = "\n".join(
                f"{self.fields[name].label}{colon()} {_as_text(value)}"
                for name, value in now.items()
                if value != facts[name]
            )
            sent: Any = self.data  # a copy since the form was looked at
            sent["edition"] = str(self.sighting.edition)
        return saved


def _as_text(value: Any) -> str:
    words: dict[Any, Any] = {True: _("Yes"), False: _("No"), None: "–", "": "–"}
    return str(words.get(value, value))


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(
        label=_("Account into which it was merged"), queryset=Account.objects.none(), empty_label=_("Choose an account")
    )
    field_order = ["into", "reason"]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = imitable_accounts(person)


class NotifyForm(ActionForm):
    reference = forms.CharField(
        label=_("The network's reference"), max_length=200, help_text=_("The number or address that the network gave.")
    )
    notified_on = forms.DateField(
        label=_("On"), required=False, widget=_day(), help_text=_("Leave it empty for today.")
    )


class NilReturnForm(LongForm):
    kept_as = "nil-return"

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    since = forms.DateField(label=_("From"), widget=_day())
    until = forms.DateField(label=_("Until"), widget=_day(), help_text=_("The last day, which is over by now."))
    how = forms.CharField(
        label=_("How was it looked for?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("On which networks, with which words, how often."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        units = units_where(person, Permission.SIGHTING_MANAGE)
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.filter(pk__in=[one.pk for one in units]).order_by("path")
        self.initial.setdefault("unit", person.unit_id)

    def save(self) -> NilReturn | None:
        return self.carry_out(declare_none, by=self.person, **self.cleaned_data)


class ByUnit(FilterForm):
    """What lists of the registry are narrowed by."""

    network = forms.ChoiceField(
        label=_("Network"), required=False, choices=lambda: [("", _("Every network")), *network_choices()]
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Every unit")), *((unit.slug, unit.name) for unit in units)]


class SightingFilter(ByUnit):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Every kind")), *SightingKind.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Every state")), *SightingState.choices]
    )


class AbuseFilter(ByUnit):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *AbuseState.choices])
