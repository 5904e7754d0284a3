"""Approvals in the technical administration: to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from approvals.models import Decision, Request
from approvals.subjects import registered
from organisation.admin import ShownOnly, administration


@admin.register(Request, site=administration)
class RequestAdmin(ShownOnly):
    list_display = ["what", "unit", "state", "by", "at"]
    labels = {"what": _("What")}
    list_select_related = ["unit", "by"]

    def what(self, row: Request) -> str:
        return _what(row)


@admin.register(Decision, site=administration)
class DecisionAdmin(ShownOnly):
    unit_at = "request__unit"
    list_display = ["what", "outcome", "by", "at", "void_at", "void_reason"]
    labels = {"what": _("What")}
    list_select_related = ["request", "by"]

    def what(self, row: Any) -> str:
        return _what(row.request)


def _what(request: Request) -> str:
    label = next((one.label for one in registered() if one.kind == request.kind), request.kind)
    return f"{label} {request.subject_id}"
