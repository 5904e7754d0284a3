"""Forms of listening: they parse, the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from monitoring.enums import LegalBasis
from monitoring.models import Source
from monitoring.queries import EntryFilter, searchable_accounts, visible_sources
from networks.catalogue import NETWORKS
from organisation.enums import Permission
from organisation.forms import FilterForm
from organisation.long_forms import LongForm
from organisation.models import Person, Unit
from organisation.queries import units_where


class LawfulForm(LongForm):
    """What every collecting of public words needs."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What do we need it for?"),
    )
    legal_basis = forms.ChoiceField(label=_("Legal basis"), choices=LegalBasis.choices)
    law = forms.CharField(label=_("National law"), max_length=250, help_text=_("The law that gives us this task."))
    dpia_reference = forms.CharField(label=_("Reference of the impact assessment"), max_length=100)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Person.objects.none(), empty_label=_("Choose somebody"))
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A year at most. Nothing is collected afterwards."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units_where(person, Permission.WATCH_MANAGE)
        owners: Any = self.fields["owner"]
        owners.queryset = Person.objects.filter(unit__in=self.units, is_active=True, responsible__isnull=True).order_by(
            "name"
        )
        self.initial.setdefault("owner", person.pk)


class WatchForm(LawfulForm):
    kept_as = "watch"

    account = forms.ModelChoiceField(
        label=_("Account that searches"),
        queryset=Account.objects.none(),
        empty_label=_("Choose an account"),
        help_text=_("What it finds comes to the inbox of this account's unit."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    query = forms.CharField(
        label=_("Keywords"), max_length=200, help_text=_("Public messages that hold these words are found.")
    )
    field_order = ["account", "name", "query"]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        accounts: Any = self.fields["account"]
        accounts.queryset = searchable_accounts(person)


def _ways_of_reading() -> list[tuple[str, str]]:
    return [(network.key, network.name) for network in NETWORKS.values() if not network.holds_accounts]


class SourceForm(LawfulForm):
    """Where it is read as something `instead`, a button of the page says so."""

    kept_as = "source"

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    network = forms.ChoiceField(
        label=_("Read as"),
        choices=_ways_of_reading,
        help_text=_("A feed tells what is new by itself. Of any other web page, the lines that change are shown."),
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Only what everybody can read without signing in."),
    )
    title = forms.CharField(label=_("Name"), max_length=120)
    words = forms.CharField(
        label=_("Words to look for"),
        max_length=200,
        required=False,
        help_text=_("Only what holds all of them is kept. Leave it empty to keep everything."),
    )
    field_order = ["unit", "network", "url", "title", "words"]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in self.units]).order_by("path")


class EntriesForm(FilterForm):
    source = forms.ModelChoiceField(
        label=_("Source"), queryset=Source.objects.none(), empty_label=_("All sources"), required=False
    )
    q = forms.CharField(label=_("Words"), max_length=100, required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_filter_%s", **kwargs})
        field: Any = self.fields["source"]
        field.queryset = visible_sources(person)

    def wanted(self, unit_path: str = "") -> EntryFilter:
        told = self.chosen()
        source = told.get("source")
        return EntryFilter(source=source.pk if source else None, words=told.get("q", ""), unit_path=unit_path)
