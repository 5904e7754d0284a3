"""Technical administration: it shows. What an action governs is read-only here; a unit is changed through its action.

A site of its own, so that nothing that a library registers (second factors, groups) appears in it unasked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation import policy
from organisation.actions import update_unit
from organisation.admin.calendars import calendars
from organisation.admin.shown import ShownOnly
from organisation.admin.site import Administration, FactSheet, administration
from organisation.enums import Permission
from organisation.forms import UnitForm
from organisation.models import AuditEvent, Grant, Person, Unit
from organisation.queries import explained, visible_events

__all__ = ["Administration", "FactSheet", "ShownOnly", "administration"]

GOVERNED_THERE = _("Changed from the page “What I may do here” of this unit, which shows first what changes for whom.")

administration.add_sheet(
    FactSheet(
        "calendars",
        _("Working calendars"),
        _("The days on which citizens are answered. Deadlines follow from them."),
        "admin/calendars.html",
        calendars,
    )
)


@admin.register(Unit, site=administration)
class UnitAdmin(ShownOnly):
    """Its facts may change, through the action; its place in the tree and its short name stay."""

    unit_at = ""
    form = UnitForm
    list_display = ["name", "slug", "kind", "governance_model", "working_calendar"]
    labels = {"name": _("Name")}
    list_filter = ["kind", "governance_model"]
    search_fields = ["slug", "names"]
    fields = [*UnitForm.NAMES, "kind", "governance_model", "time_zone", "languages", "working_calendar"]
    exclude = ["path", "depth", "numchild"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return policy.allows_anywhere(request.user, Permission.UNIT_MANAGE)
        return policy.allows(request.user, Permission.UNIT_MANAGE, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)
        assert isinstance(request.user, Person)
        if obj is not None:
            told = GOVERNED_THERE if policy.may_govern(request.user, obj) else policy.DECIDED_ABOVE
            made.base_fields["governance_model"].disabled = True
            made.base_fields["governance_model"].help_text = told
        return made

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The house's own fields, not the administration's."""
        return db_field.formfield(**kwargs)

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        assert isinstance(form, UnitForm)
        if facts := form.changed_facts():
            assert isinstance(request.user, Person)
            update_unit(unit=obj, by=request.user, **facts)


@admin.register(Person, site=administration)
class PersonAdmin(ShownOnly):
    list_display = ["name", "email", "unit", "language", "is_active"]
    list_filter = ["is_active", "language"]
    list_select_related = ["unit"]
    search_fields = ["name", "email"]
    labels = {"invited_by": _("Added by"), "vouched_at": _("Identity confirmed")}
    exclude = ["password"]

    def page(self, row: Person) -> str:
        return reverse("organisation:person_detail", args=[row.pk])


@admin.register(Grant, site=administration)
class GrantAdmin(ShownOnly):
    list_display = ["person", "role_label", "unit", "until", "revoked_at"]
    labels = {
        "role_label": _("Role"),
        "given_by": _("Given by"),
        "given_at": _("Given"),
        "confirmed_by": _("Confirmed by"),
        "confirmed_at": _("Confirmed"),
        "revoked_at": _("Revoked"),
    }
    list_select_related = ["person", "unit"]
    search_fields = ["person__name"]

    def page(self, row: Grant) -> str:
        return reverse("organisation:person_detail", args=[row.person_id])


@admin.register(AuditEvent, site=administration)
class AuditEventAdmin(ShownOnly):
    list_display = ["sequence", "occurred_at", "told", "thing_told"]
    labels = {"sequence": _("Number"), "told": _("What happened"), "thing_told": _("To what")}
    search_fields = ["actor_name", "verb"]
    exclude = ["verb"]

    def heading(self, row: AuditEvent) -> str:
        return row.told

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> AuditEvent | None:
        """With the name of what it happened to, for who looks."""
        found = super().get_object(request, object_id, from_field)
        return next(iter(self.dressed(request, [found]))) if found else None

    def facts(self, row: AuditEvent) -> list[tuple[str, Any]]:
        return [*super().facts(row), (str(self.labels["thing_told"]), row.thing_told)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        assert isinstance(request.user, Person)
        return visible_events(request.user)

    def dressed(self, request: HttpRequest, rows: Iterable[Any]) -> Iterable[Any]:
        assert isinstance(request.user, Person)
        return explained(request.user, rows)

    def page(self, row: AuditEvent) -> str:
        return f"{reverse('organisation:audit')}?thing={row.thing}"
