"""Rows to look at: a table, a sheet of facts and the row's story, all in the house's look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.core.exceptions import BadRequest
from django.db.models import Field, ForeignKey, Model, QuerySet, URLField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import latest_events, within

NOTHING = "–"
STORY = 50  # the newest of a row's events; the audit trail has the rest

if TYPE_CHECKING:  # generic for the type checker only
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


@dataclass(frozen=True)
class Row:
    url: str
    cells: list[tuple[str, Any]]


class ShownOnly(ModelAdmin):
    """Rows of the units that the person administers; verbs have their own pages.

    `unit_at` leads from a row to its unit, in field names; empty where the rows are units. A query may ask for nothing
    but what `list_filter` and `search_fields` name: whoever may look at a list must not be able to find out, letter by
    letter, what the list does not show.
    """

    unit_at = "unit"
    labels: Mapping[str, str | Promise] = {}  # of columns that have no name for people by themselves
    list_per_page = 50
    show_full_result_count = False
    actions = None
    formfield_overrides = {URLField: {"assume_scheme": "https"}}  # Django makes a form of a row that is only shown
    change_list_template = "admin/change_list.html"

    def page(self, row: Any) -> str:
        """Where the row has its acts; empty where it has no page of its own."""
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""

    # ---- what may be seen ------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        assert isinstance(request.user, Person)
        return super().get_queryset(request).filter(within(request.user, Permission.ADMIN_SITE, field=self.unit_at))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in {f"{name}__exact" for name in self.list_filter}

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The action has written its event; a second diary would tell half of it."""

    # ---- how it looks ----------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if "\x00" in "".join(value for values in request.GET.lists() for value in values[1]):
            raise BadRequest("no column holds this sign")  # a filter would hand it to the database, which takes none
        answer = super().changelist_view(request, extra_context)
        shown = getattr(answer, "context_data", None)
        if shown and "cl" in shown:
            cl = shown["cl"]
            shown |= {
                "headers": self._headers(cl),
                "rows": [self._row(one) for one in self.dressed(request, cl.result_list)],
            }
            shown["filters"] = [(capfirst(spec.title), list(_choices(spec, cl))) for spec in cl.filter_specs]
        return answer

    def dressed(self, request: HttpRequest, rows: Iterable[Any]) -> Iterable[Any]:
        """A page's rows, with what only all of them together find out at a fair cost."""
        return rows

    def _headers(self, cl: Any) -> list[dict[str, Any]]:
        named = zip(self.list_display, result_headers(cl), strict=True)
        return [{**header, "text": self._label(name)} for name, header in named]

    def _label(self, name: Any) -> str:
        return capfirst(str(self.labels.get(name) or label_for_field(name, self.model, self)))

    def _row(self, row: Any) -> Row:
        meta = self.opts
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        return Row(url, [self._cell(name, row) for name in self.list_display])

    def _cell(self, name: Any, row: Any) -> tuple[str, Any]:
        label = self._label(name)
        field, _attribute, value = lookup_field(name, row, self)
        if field is None:
            return label, value if isinstance(value, datetime) else display_for_value(value, NOTHING)
        return label, _shown(field, row, value)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        told = {"facts": self.facts(row), "page": self.page(row), "heading": self.heading(row)} if row else {}
        return super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def heading(self, row: Any) -> str:
        return str(row)

    def facts(self, row: Any) -> list[tuple[str, Any]]:
        """Label and value of each column of `row` that has a name for people, but those in `exclude`."""
        return [(label, _shown(field, row, getattr(row, field.name))) for field, label in self.columns()]

    def columns(self) -> list[tuple[Field[Any, Any], str]]:
        """What has no name in people's words (numbers of rows, leases, counters) is the machinery's own."""
        return [
            (field, capfirst(str(self.labels.get(field.name) or field.verbose_name)))
            for field in self.opts.concrete_fields
            if field.name not in (self.exclude or ())
            if field.name in self.labels or isinstance(field.verbose_name, Promise)
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row's own part of the audit trail."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        told = {**self.admin_site.each_context(request), "original": row, "opts": self.opts}
        return render(request, "admin/object_history.html", {**told, "events": latest_events(row, STORY)})


def _choices(spec: Any, cl: Any) -> Iterator[dict[str, Any]]:
    """A filter's choices as tabs."""
    for choice in spec.choices(cl):
        yield {"label": choice["display"], "url": choice["query_string"], "current": choice["selected"]}


def _shown(field: Field[Any, Any], row: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return value  # the page says it as people do
    if isinstance(field, ForeignKey):
        return str(value) if value is not None else NOTHING
    return display_for_field(value, field, NOTHING)
