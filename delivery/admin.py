"""Freezes and deliveries in the technical administration: to look at, without what was written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from delivery.models import Delivery, Hold
from delivery.queries import visible_holds
from organisation.admin import ShownOnly, administration
from organisation.models import Person


@admin.register(Hold, site=administration)
class HoldAdmin(ShownOnly):
    """Those that the person sees on the page of freezes: those from above that stop them too."""

    list_display = ["scope_label", "why", "who", "placed_at", "until", "lifted_at"]
    labels = {
        "scope_label": _("What it stops"),
        "why": _("Why"),
        "who": _("Placed by"),
        "lift_reason": _("Why it was lifted"),
    }
    list_filter = ["scope"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        assert isinstance(request.user, Person)
        return visible_holds(request.user)

    def page(self, row: Hold) -> str:
        return reverse("delivery:hold_list")


@admin.register(Delivery, site=administration)
class DeliveryAdmin(ShownOnly):
    """Replies to citizens are among them: neither their words nor to whom they speak is shown."""

    list_display = ["account", "origin_kind", "stand_label", "due_at", "published_at"]
    labels = {"origin_kind": _("Kind"), "stand_label": _("State"), "message_unit": _("Unit of the message")}
    list_filter = ["state", "origin_kind"]
    list_select_related = ["account"]
    exclude = ["content", "content_hash", "key", "problem_detail", "remote_id", "remote_url", "remote_cid"]
