"""The technical administration's own site: in the house's frame, entered by one permission and through the one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class FactSheet:
    """A page about what no table holds, such as settings. `facts` gives its template what it shows."""

    name: str
    title: Text
    lede: Text
    template: str
    facts: Callable[[HttpRequest], Mapping[str, Any]]

    def answer(self, request: HttpRequest) -> HttpResponse:
        return render(request, self.template, {**self.facts(request), "sheet": self})


class Administration(admin.AdminSite):
    """Whoever holds the permission enters; everybody signs in by the one door."""

    site_header = _("Parvis: technical administration")
    site_title = "Parvis"
    index_title = _("What the database holds")

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[FactSheet] = []

    def add_sheet(self, sheet: FactSheet) -> None:
        self.sheets.append(sheet)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own = [path(f"{one.name}/", self.admin_view(one.answer), name=one.name) for one in self.sheets]
        shortcut = "r/<path:content_type_id>/<path:object_id>/"
        own.append(path(shortcut, self.admin_view(self.lead_nowhere), name="view_on_site"))
        return [*own, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "sheets": self.sheets}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))

    def lead_nowhere(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Django leads from here to any row of any table, and so tells who may not see it that it is there."""
        raise Http404

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No form here completes names."""
        raise PermissionDenied


administration = Administration()
