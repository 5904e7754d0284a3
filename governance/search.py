"""One search over all rooms: what the person may see anyway, the best of each kind."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from governance import rooms
from governance.context import Frame
from networks.folding import as_query, holds
from organisation.forms import FilterForm, PersonRequest
from organisation.queries.searching import Find, Finds, first_finds

# What one looks for most stands first.
ORDER = ("publishing", "conversations", "accounts_registry", "organisation", "crisis")


class SearchForm(FilterForm):
    q = forms.CharField(label=_("Search"), max_length=100, required=False, widget=forms.TextInput({"type": "search"}))


@login_required
@require_GET
def search(request: PersonRequest) -> HttpResponse:
    form = SearchForm(request.GET or None, auto_id="id_search_%s")
    words = form.chosen().get("q", "")
    found: list[Finds] = []
    if as_query(words):
        found = [*_pages(Frame(request), words), *rooms.answers("found_for", request.user, words, rooms=ORDER)]
    return render(request, "governance/search.html", {"form": form, "words": words, "found": found})


def _pages(frame: Frame, words: str) -> Iterable[Finds]:
    """Pages of the rail that are called so."""
    ways = [*(way for top in frame.work for way in (top, *top.below)), *frame.administration]
    named = [Find(way.label, "", way.url) for way in ways if holds(str(way.label), words)]
    yield from first_finds(_("Pages"), "list", named, lambda one: one)
