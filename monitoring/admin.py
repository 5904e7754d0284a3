"""Watches, sources and streams in the technical administration: to look at. What citizens wrote is not shown there."""

from django.contrib import admin

from monitoring.models import Source, Stream, Watch
from organisation.admin import ShownOnly, administration


@admin.register(Watch, site=administration)
class WatchAdmin(ShownOnly):
    list_display = ["name", "unit", "state", "owner", "expires_on"]
    list_select_related = ["unit", "owner"]


@admin.register(Stream, site=administration)
class StreamAdmin(ShownOnly):
    unit_at = "account__unit"
    list_display = ["account", "kind", "next_pull_at", "last_pulled_at", "failing_since", "problem_code"]
    list_select_related = ["account"]


@admin.register(Source, site=administration)
class SourceAdmin(ShownOnly):
    list_display = ["title", "unit", "network", "state", "next_pull_at", "last_pulled_at", "problem_code"]
    list_select_related = ["unit"]
