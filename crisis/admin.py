"""Playbooks and crises in the technical administration: to look at."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crisis.models import Crisis, Playbook
from organisation.admin import ShownOnly, administration


@admin.register(Playbook, site=administration)
class PlaybookAdmin(ShownOnly):
    list_display = ["title", "unit", "edition", "changed_at"]
    labels = {"edition": _("Edition")}
    list_select_related = ["unit"]

    def page(self, row: Playbook) -> str:
        return reverse("crisis:playbook_detail", args=[row.pk])


@admin.register(Crisis, site=administration)
class CrisisAdmin(ShownOnly):
    list_display = ["title", "unit", "state", "is_exercise", "declared_by", "declared_at"]
    labels = {"declared_from": _("Declared from")}
    list_filter = ["state", "is_exercise"]
    list_select_related = ["unit", "declared_by"]

    def page(self, row: Crisis) -> str:
        return reverse("crisis:crisis_detail", args=[row.pk])
