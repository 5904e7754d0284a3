"""Accounts, dossiers and sightings, by their names, purposes, units and people."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account, JustificationDossier, Sighting
from accounts_registry.queries.accounts import accounts_named
from accounts_registry.queries.dossiers import visible_dossiers
from accounts_registry.queries.sightings import visible_sightings
from networks.folding import holds, score
from organisation.models import Person
from organisation.queries.searching import Find, Finds, first_finds


def found_for(person: Person, words: str) -> Iterable[Finds]:
    """What `person` sees of the registry: its accounts, its dossiers, then accounts that only bear its name."""
    registry = reverse("accounts_registry:account_list")
    accounts = accounts_named(person, words)
    yield from first_finds(
        _("Accounts"), "journal-check", accounts, _account_told, f"{registry}?{urlencode({'words': words})}"
    )
    told = {
        one: " ".join((one.title, one.objective, *one.unit.names.values()))
        for one in visible_dossiers(person).order_by("-pk")
    }
    dossiers = sorted((one for one in told if holds(told[one], words)), key=lambda one: -score(told[one], words))
    yield from first_finds(_("Dossiers"), "folder2-open", dossiers, _dossier_told)
    yield from first_finds(_("Wild accounts and imitations"), "eye", _sightings(person, words), _sighting_told)


def _sightings(person: Person, words: str) -> list[Sighting]:
    """What is no longer kept of an account is not found either."""
    seen = visible_sightings(person).exclude(key="").order_by("-pk")
    told = {one: " ".join((one.label, one.shown_name, one.address, *one.unit.names.values())) for one in seen}
    return sorted((one for one in told if holds(told[one], words)), key=lambda one: -score(told[one], words))


def _sighting_told(sighting: Sighting) -> Find:
    url = reverse("accounts_registry:sighting_detail", args=[sighting.pk])
    return Find(sighting.label, f"{sighting.get_state_display()} · {sighting.unit.name}", url)


def _account_told(account: Account) -> Find:
    url = reverse("accounts_registry:account_detail", args=[account.pk])
    return Find(account.label, f"{account.get_state_display()} · {account.unit.name}", url)


def _dossier_told(dossier: JustificationDossier) -> Find:
    url = reverse("accounts_registry:dossier_detail", args=[dossier.pk])
    return Find(dossier.title, f"{dossier.get_state_display()} · {dossier.unit.name}", url)
