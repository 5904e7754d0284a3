from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts_registry.actions import assign_finding, begin_audit, check_list, send_list
from accounts_registry.enums.audit import LineOutcome, ListedState
from accounts_registry.enums.finding import FindingKind, FindingState
from accounts_registry.lists.columns import SAMPLE, columns_of, described
from accounts_registry.lists.words import CALLED, OTHER_NETWORKS, network_name
from accounts_registry.models import AccountAudit, Finding, ListImport, ListRow
from accounts_registry.queries.findings import auditors
from networks.catalogue import NETWORKS
from organisation.enums import Permission
from organisation.forms import ActionForm, FilterForm
from organisation.models import Person, Unit
from organisation.queries import units_where

ROLES = [
    ("", _("Leave aside")),
    ("network", _("Network")),
    ("address", _("Address on the web")),
    ("handle", _("Name on the network")),
    ("id", _("Number on the network")),
    ("title", pgettext_lazy("of a page", "Title")),
    ("unit", _("Unit")),
    ("owner", _("Who answers for it")),
    ("language", _("Language")),
    ("kind", _("Kind")),
    ("followers", _("Followers")),
    ("last_post", _("Day of the last post")),
    ("admins", _("Administrators")),
]


def role_choices() -> list[tuple[Any, Any]]:
    """What a column may be: one thing of the account, or the account on one network."""
    own = [key for key, network in NETWORKS.items() if network.holds_accounts]
    others = sorted({*CALLED} | {*OTHER_NETWORKS} - {*own}, key=network_name)
    keys = [*sorted(own, key=network_name), *(key for key in others if key not in own)]
    on = [(f"on:{key}", _("%(network)s: name or address") % {"network": network_name(key)}) for key in keys]
    ids = [(f"id:{key}", _("%(network)s: number") % {"network": network_name(key)}) for key in sorted(own)]
    return [*ROLES, (_("The account on one network"), on), (_("Its number there"), ids)]


class AuditForm(ActionForm):
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        empty_label=_("Choose a unit"),
        help_text=_("The audit looks at this unit and all below it."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people speak of it: Audit of 2027."))
    due_on = forms.DateField(
        label=_("To be done by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [unit.pk for unit in units_where(person, Permission.ACCOUNT_MANAGE)]
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(pk__in=units).order_by("path")
        if len(units) == 1:
            field.initial = units[0]

    def save(self, by: Person) -> AccountAudit | None:
        return self.carry_out(begin_audit, by=by, **self.cleaned_data)


class ListForm(ActionForm):
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.ods,.yaml,.yml,.json"}),
        help_text=_("CSV, XLSX, ODS, YAML or JSON, up to 10 MB and 10,000 rows. Formulas are never carried out."),
    )
    earlier = forms.ChoiceField(
        label=_("Which list is it?"),
        required=False,
        help_text=_("A later delivery of a list is compared with the earlier one: what is new, changed, gone."),
    )
    series = forms.CharField(
        label=_("Name of a new list"), required=False, max_length=120, help_text=_("Empty: the name of the file.")
    )

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["earlier"]
        field.choices = [("", _("A new list")), *((name, name) for name in known)]
        if not known:
            del self.fields["earlier"]

    def save(self, audit: AccountAudit, by: Person) -> ListImport | None:
        told = self.cleaned_data
        series = told.get("earlier") or told["series"] or told["file"].name.rpartition(".")[0] or told["file"].name
        return self.carry_out(send_list, audit=audit, by=by, file=told["file"], series=series)


class ColumnsForm(ActionForm):
    """What each column is, and where the headings stand. `headings_at` are the rows that a person said instead."""

    def __init__(self, *args: Any, given: ListImport, headings_at: list[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given = given
        at = headings_at or [one["heading"] for one in given.sheets]
        self.sheets, guessed = self._described(at)
        moved = at != [one["heading"] for one in given.sheets]
        mapping = guessed if moved else {**guessed, **given.mapping}
        self.names = list(dict.fromkeys(name for one in self.sheets for name in one["columns"]))
        for place, sheet in enumerate(self.sheets):
            self._add_sheet(place, sheet)
        choices = role_choices()
        for place, name in enumerate(self.names):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=mapping.get(name, "")
            )

    def _described(self, headings_at: list[int]) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """The sheets with their columns, and `self.samples`: heading → what stands below it."""
        rows: list[list[tuple[int, list[str]]]] = [[] for _sheet in self.given.sheets]
        for sheet, number, cells in ListRow.objects.filter(of=self.given).values_list("sheet", "number", "cells"):
            rows[sheet].append((number, cells))
        sheets = [{"name": one["name"], "rows": rows[place]} for place, one in enumerate(self.given.sheets)]
        told, guessed = described(sheets, headings_at)
        self.samples: dict[str, list[str]] = {}
        for laid, heading in zip(sheets, headings_at, strict=True):
            for name, values in columns_of(laid["rows"], heading)[1].items():
                seen = self.samples.setdefault(name, [])
                seen += [value for value in dict.fromkeys(values[:SAMPLE]) if value][: 5 - len(seen)]
        for one, before in zip(told, self.given.sheets, strict=True):
            one["taken"] = before["taken"]
        return told, guessed

    def _add_sheet(self, place: int, sheet: dict[str, Any]) -> None:
        shown = sheet["name"] or _("The list")
        if len(self.sheets) > 1:
            self.fields[f"taken_{place}"] = forms.BooleanField(
                label=_("Take the sheet “%(name)s”") % {"name": shown}, required=False, initial=sheet["taken"]
            )
        self.fields[f"heading_{place}"] = forms.IntegerField(
            label=_("Row of the headings (%(name)s)") % {"name": shown},
            required=False,
            min_value=0,
            max_value=10_000_000,
            initial=max(sheet["heading"], 0),
            help_text=_("0 where the list has no headings."),
        )

    @property
    def sheet_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("column_")]

    @property
    def columns(self) -> list[tuple[Any, list[str]]]:
        """Each column's field, and what stands in the column."""
        return [(self[f"column_{place}"], self.samples.get(name, [])) for place, name in enumerate(self.names)]

    def save(self, by: Person) -> ListImport | None:
        told = self.cleaned_data
        sheets = [
            {"taken": told.get(f"taken_{place}", True), "heading": one["heading"]}
            for place, one in enumerate(self.sheets)
        ]
        mapping = {name: told[f"column_{place}"] for place, name in enumerate(self.names)}
        return self.carry_out(check_list, given=self.given, by=by, sheets=sheets, mapping=mapping)


class LinesFilter(FilterForm):
    outcome = forms.ChoiceField(
        label=_("What becomes of it"), required=False, choices=[("", _("Everything")), *LineOutcome.choices]
    )


class ListedFilter(FilterForm):
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    network = forms.ChoiceField(label=_("Network"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *ListedState.choices])
    registered = forms.ChoiceField(
        label=_("In the registry"), required=False, choices=[("", _("Either")), ("yes", _("Yes")), ("no", _("No"))]
    )

    def __init__(self, *args: Any, networks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["network"]
        field.choices = [("", _("Every network")), *((key, network_name(key)) for key in networks)]


LOOKED_FOR = (
    FindingKind.EXACT_DUPLICATE,
    FindingKind.FUNCTIONAL_DUPLICATE,
    FindingKind.INACTIVE,
    FindingKind.ORPHAN,
    FindingKind.UNPAIRED,
)


class FindingFilter(FilterForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Every kind")), *((kind.value, kind.label) for kind in LOOKED_FOR)],
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *FindingState.choices])


class AssignForm(ActionForm):
    owner = forms.ModelChoiceField(label=_("Who sees to it"), queryset=Person.objects.none(), empty_label=None)
    due_on = forms.DateField(
        label=_("To be done by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        kwargs["initial"] = {"owner": finding.owner_id, "due_on": finding.due_on}
        super().__init__(*args, **kwargs)
        self.finding = finding
        field: Any = self.fields["owner"]
        field.queryset = auditors(finding.audit)

    def save(self, by: Person) -> Finding | None:
        return self.carry_out(assign_finding, finding=self.finding, by=by, **self.cleaned_data)
