"""Technical administration: it shows. What an action governs is read-only here; a unit is changed through its action.

A site of its own, so that nothing that a library registers (second factors, groups) appears in it unasked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation import policy
from organisation.actions import update_unit
from organisation.enums import Permission
from organisation.models import AuditEvent, Grant, Person, Unit
from organisation.queries import visible_events, within


class Administration(admin.AdminSite):
    """Whoever holds the permission enters; everybody signs in by the one door."""

    site_header = _("Parvis: technical administration")
    site_title = "Parvis"
    index_title = _("What the database holds")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))


administration = Administration()


if TYPE_CHECKING:  # generic for the type checker only
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ShownOnly(ModelAdmin):
    """Rows to look at, of the units that the person administers; verbs have their own pages.

    `unit_at` leads from a row to its unit, in field names; empty where the rows are units.
    """

    unit_at = "unit"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        assert isinstance(request.user, Person)
        return super().get_queryset(request).filter(within(request.user, Permission.ADMIN_SITE, field=self.unit_at))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Person, site=administration)
class PersonAdmin(ShownOnly):
    list_display = ["name", "email", "unit", "language", "is_active"]
    search_fields = ["name", "email"]
    exclude = ["password"]


@admin.register(Grant, site=administration)
class GrantAdmin(ShownOnly):
    list_display = ["person", "role_label", "unit", "until", "revoked_at"]
    list_select_related = ["person", "unit"]


@admin.register(AuditEvent, site=administration)
class AuditEventAdmin(ShownOnly):
    list_display = ["sequence", "occurred_at", "actor_name", "verb", "noun", "object_id"]
    search_fields = ["actor_name", "verb"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        assert isinstance(request.user, Person)
        return visible_events(request.user)


@admin.register(Unit, site=administration)
class UnitAdmin(ShownOnly):
    """Its facts may change, through the action; its place in the tree and its short name stay."""

    unit_at = ""
    list_display = ["name", "slug", "kind", "governance_model", "time_zone"]
    fields = ["slug", "names", "kind", "governance_model", "time_zone", "languages", "working_calendar"]
    readonly_fields = ["slug"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return policy.allows_anywhere(request.user, Permission.UNIT_MANAGE)
        return policy.allows(request.user, Permission.UNIT_MANAGE, obj)

    def save_model(self, request: HttpRequest, obj: Unit, form: forms.ModelForm[Unit], change: bool) -> None:
        if form.changed_data:
            assert isinstance(request.user, Person)
            facts = {name: form.cleaned_data[name] for name in form.changed_data}
            update_unit(unit=obj, by=request.user, **facts)
