"""Watches, sources and streams in the technical administration: to look at. What citizens wrote is not shown there."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from monitoring.models import Source, Stream, Watch
from organisation.admin import ShownOnly, administration


@admin.register(Watch, site=administration)
class WatchAdmin(ShownOnly):
    list_display = ["name", "unit", "state", "owner", "expires_on"]
    list_filter = ["state"]
    list_select_related = ["unit", "owner"]

    def page(self, row: Watch) -> str:
        return reverse("monitoring:watch_detail", args=[row.pk])


@admin.register(Stream, site=administration)
class StreamAdmin(ShownOnly):
    unit_at = "account__unit"
    list_display = ["account", "kind", "last_pulled_at", "failing_since"]
    labels = {"account": _("Account"), "kind": _("Kind")}
    list_select_related = ["account"]


@admin.register(Source, site=administration)
class SourceAdmin(ShownOnly):
    list_display = ["title", "unit", "network", "state", "last_pulled_at"]
    list_filter = ["state"]
    list_select_related = ["unit"]

    def page(self, row: Source) -> str:
        return reverse("monitoring:source_detail", args=[row.pk])
