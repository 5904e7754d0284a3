"""Playbooks and crises in the technical administration: to look at."""

from django.contrib import admin

from crisis.models import Crisis, Playbook
from organisation.admin import ShownOnly, administration


@admin.register(Playbook, site=administration)
class PlaybookAdmin(ShownOnly):
    list_display = ["title", "unit", "edition", "changed_at"]
    list_select_related = ["unit"]


@admin.register(Crisis, site=administration)
class CrisisAdmin(ShownOnly):
    list_display = ["title", "unit", "state", "is_exercise", "declared_by", "declared_at"]
    list_select_related = ["unit", "declared_by"]
