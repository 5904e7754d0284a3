"""The registry in the technical administration: to look at. Credentials are nowhere to be seen."""

from django.contrib import admin

from accounts_registry.models import Account, Decision, JustificationDossier, Vote
from organisation.admin import ShownOnly, administration


@admin.register(Account, site=administration)
class AccountAdmin(ShownOnly):
    list_display = ["label", "unit", "state", "connection_state", "review_on"]
    list_select_related = ["unit"]
    search_fields = ["handle"]


@admin.register(JustificationDossier, site=administration)
class DossierAdmin(ShownOnly):
    list_display = ["title", "unit", "state", "requested_by", "submitted_at"]
    list_select_related = ["unit", "requested_by"]
    search_fields = ["proposed_handle"]


@admin.register(Vote, site=administration)
class VoteAdmin(ShownOnly):
    unit_at = "dossier__unit"
    list_display = ["dossier", "round", "member", "choice", "cast_at"]
    list_select_related = ["dossier", "member"]


@admin.register(Decision, site=administration)
class DecisionAdmin(ShownOnly):
    unit_at = "dossier__unit"
    list_display = ["dossier", "outcome", "decided_by", "decided_at"]
    list_select_related = ["dossier", "decided_by"]
