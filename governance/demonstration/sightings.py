"""A wild account half way, somebody who poses as the service, and where somebody looked and found nobody."""

from __future__ import annotations

from datetime import timedelta

from accounts_registry import actions
from accounts_registry.enums import Discovery, SightingKind
from accounts_registry.models import Account
from governance.demonstration.service import Service
from organisation.clock import database_today

QUARTER = timedelta(days=90)


def build(service: Service, accounts: dict[str, Account]) -> None:
    _wild(service)
    _impersonation(service, accounts["fin_fr"])
    today = database_today()
    actions.declare_none(
        unit=service.units["fisc"],
        since=today - QUARTER,
        until=today - timedelta(days=1),
        how="Chaque lundi sur X, Facebook et Instagram : « fiscalité », « fiscaliteit », « SPF Finances ».",
        by=service.people["accounts"],
    )


def _wild(service: Service) -> None:
    """Colleagues at the airport meant well; nobody knows yet why they began."""
    found = actions.report_sighting(
        unit=service.units["douane"],
        account="https://www.facebook.com/douanebrusselsairport",
        kind=SightingKind.WILD,
        found=Discovery.HAND,
        shown_name="Douane Brussels Airport",
        uses_our_name=True,
        links_to_us=False,
        asks=False,
        note="Horaires du guichet de l'aéroport, photos de l'équipe. Quelques centaines d'abonnés.",
        by=service.people["writer_nl"],
    )
    reason = "Appelé le chef d'équipe à Zaventem ; il nous rappelle jeudi."
    actions.contact_sighting(sighting=found, by=service.people["accounts"], reason=reason)


def _impersonation(service: Service, imitated: Account) -> None:
    found = actions.report_sighting(
        unit=service.units["fin"],
        account="https://x.com/spff1nances",
        kind=SightingKind.IMPERSONATION,
        found=Discovery.REPORT,
        shown_name="SPF Finances – Remboursements",
        uses_our_name=True,
        links_to_us=False,
        asks=True,
        words_seen="« Vous avez droit à un remboursement de 412 €. Confirmez votre carte bancaire ici. »",
        imitates=imitated,
        by=service.people["writer_fr"],
    )
    actions.confirm_abuse(case=found.case, by=service.people["spokesperson"])
