"""The registry in the technical administration: to look at. Credentials are nowhere to be seen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account, AccountReview, Decision, Handover, JustificationDossier, Vote
from accounts_registry.queries.homes import consent_offered, home_of, network_app
from accounts_registry.queries.listening import listening_address, listening_networks
from networks.catalogue import NETWORKS
from organisation.admin import FactSheet, ShownOnly, administration
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within


@admin.register(Account, site=administration)
class AccountAdmin(ShownOnly):
    list_display = ["label", "unit", "state", "connection_state", "review_on"]
    labels = {"label": _("Account"), "unreachable_since": _("Unreachable since"), "edition": _("Edition")}
    list_filter = ["state", "connection_state", "maturity", "term"]
    list_select_related = ["unit"]
    search_fields = ["handle"]

    def page(self, row: Account) -> str:
        return reverse("accounts_registry:account_detail", args=[row.pk])


@admin.register(AccountReview, site=administration)
class ReviewAdmin(ShownOnly):
    unit_at = "account__unit"
    list_display = ["account", "next_on", "reviewed_by", "reviewed_at"]
    labels = {"account": _("Account")}
    list_select_related = ["account", "reviewed_by"]

    def page(self, row: AccountReview) -> str:
        return reverse("accounts_registry:account_detail", args=[row.account_id])


@admin.register(Handover, site=administration)
class HandoverAdmin(ShownOnly):
    unit_at = "account__unit"
    list_display = ["account", "owner", "backup_holder", "made_at", "taken_at"]
    labels = {
        "account": _("Account"),
        "owner_before": _("Owner before"),
        "backup_before": _("Backup holder before"),
        "made_by": _("Made by"),
    }
    list_select_related = ["account", "owner", "backup_holder"]

    def page(self, row: Handover) -> str:
        return reverse("accounts_registry:account_detail", args=[row.account_id])


@admin.register(JustificationDossier, site=administration)
class DossierAdmin(ShownOnly):
    list_display = ["title", "unit", "state", "requested_by", "submitted_at"]
    labels = {"title": _("Dossier"), "requested_by": _("Requested by"), "round": _("Round"), "quorum": _("Quorum")}
    list_filter = ["state"]
    list_select_related = ["unit", "requested_by"]
    search_fields = ["proposed_handle"]

    def page(self, row: JustificationDossier) -> str:
        return reverse("accounts_registry:dossier_detail", args=[row.pk])


@admin.register(Vote, site=administration)
class VoteAdmin(ShownOnly):
    unit_at = "dossier__unit"
    list_display = ["dossier", "round", "member", "choice", "cast_at"]
    labels = {"dossier": _("Dossier"), "round": _("Round")}
    list_select_related = ["dossier", "member"]

    def page(self, row: Vote) -> str:
        return reverse("accounts_registry:dossier_detail", args=[row.dossier_id])


@admin.register(Decision, site=administration)
class DecisionAdmin(ShownOnly):
    unit_at = "dossier__unit"
    list_display = ["dossier", "outcome", "decided_by", "decided_at"]
    labels = {
        "dossier": _("Dossier"),
        "votes_for": _("Votes for"),
        "votes_against": _("Votes against"),
        "abstentions": _("Abstentions"),
        "quorum": _("Quorum"),
        "voting_members": _("Voting members"),
    }
    list_filter = ["outcome"]
    list_select_related = ["dossier", "decided_by"]

    def page(self, row: Decision) -> str:
        return reverse("accounts_registry:dossier_detail", args=[row.dossier_id])


def registrations(request: HttpRequest) -> dict[str, Any]:
    """As what Parvis is registered at each network on which there are accounts; no secret."""
    assert isinstance(request.user, Person)
    seen = Account.objects.filter(within(request.user, Permission.ADMIN_SITE))
    counts = dict(seen.order_by().values_list("network").annotate(Count("pk")))
    back = request.build_absolute_uri(reverse("accounts_registry:consent_back"))
    return {
        "apps": [
            {
                "key": key,
                "name": network.name,
                "standing": _standing(key),
                "server": home_of(key),
                "back": back if consent_offered(key) else "",
                "calls": listening_address(key) if key in listening_networks() else "",
                "accounts": counts.get(key, 0),
            }
            for key, network in NETWORKS.items()
            if network.holds_accounts
        ]
    }


def _standing(key: str) -> str:
    app, network = network_app(key), NETWORKS[key]
    if app.client_id:
        known = gettext("%(id)s, with its secret") if app.client_secret else gettext("%(id)s; its secret is missing")
        return known % {"id": app.client_id}
    if not network.consent:
        return gettext("Needs none: accounts give an app password.")
    return (
        gettext("Registers itself.")
        if network.registers_itself
        else gettext("Not registered: accounts cannot be connected.")
    )


administration.add_sheet(
    FactSheet(
        "apps",
        _("Registrations at the networks"),
        _("As what each network knows Parvis, and where it sends people and calls."),
        "admin/apps.html",
        registrations,
    )
)
