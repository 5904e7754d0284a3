"""Six accounts in language pairs, each behind an approved dossier and connected; and a dossier still open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts_registry import actions
from accounts_registry.enums import AccountKind, Audience, VoteChoice
from accounts_registry.enums.advice import Opinion, View
from accounts_registry.enums.questions import LanguageSetup
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.consulting import consultations_of
from governance.demonstration import dossiers, simulator
from governance.demonstration.service import Service
from networks.catalogue import NETWORKS

# key, unit, handle, name on the network, language, purpose
_ACCOUNTS = [
    ("fin_fr", "fin", "spffinances", "SPF Finances", "fr", "Informer la population sur l'ensemble du service."),
    ("fin_nl", "fin", "fodfinancien", "FOD Financiën", "nl", "De bevolking informeren over de hele dienst."),
    ("fisc_fr", "fisc", "fiscalite", "Fiscalité · SPF Finances", "fr", "Expliquer l'impôt et répondre aux questions."),
    (
        "fisc_nl",
        "fisc",
        "fiscaliteit",
        "Fiscaliteit · FOD Financiën",
        "nl",
        "De belasting uitleggen, vragen beantwoorden.",
    ),
    (
        "douane_fr",
        "douane",
        "douanesaccises",
        "Douanes et Accises",
        "fr",
        "Voyageurs, colis et entreprises : la douane.",
    ),
    (
        "douane_nl",
        "douane",
        "douaneaccijnzen",
        "Douane en Accijnzen",
        "nl",
        "Reizigers, pakjes en bedrijven: de douane.",
    ),
]
_WHY = {
    "fr": "Les comptes existants parlent une autre langue ou à un autre public ; les questions s'y mélangeraient.",
    "nl": "De bestaande accounts spreken een andere taal of een ander publiek aan; de vragen raken er vermengd.",
}


def build(service: Service) -> dict[str, Account]:
    """The accounts by key, active and connected, each with its token in the vault."""
    accounts: dict[str, Account] = {}
    for key, unit, handle, name, language, purpose in _ACCOUNTS:
        twin = accounts.get(key.replace("_nl", "_fr")) if language == "nl" else None
        account = opened(service, unit=unit, handle=handle, language=language, purpose=purpose, pair_of=twin)
        token = simulator.person(handle, name, kind="organisation", language=language)
        accounts[key] = actions.connect_account(
            account=account,
            by=service.people["accounts"],
            fields={"access_token": token},
        )
    _open_dossier(service)
    _without_an_audience(service)
    return accounts


def opened(
    service: Service,
    *,
    unit: str,
    handle: str,
    language: str,
    purpose: str,
    pair_of: Account | None = None,
    network: str = "mastodon",
    **facts: Any,
) -> Account:
    """An account of the training network, active behind its approved dossier and not yet connected. `facts`: of the
    account, that are not those of every one here."""
    dossier = _dossier(
        service,
        unit=unit,
        handle=handle,
        language=language,
        purpose=purpose,
        pair_of=pair_of,
        network=network,
        facts=facts,
        **({"language_setup": LanguageSetup.BILINGUAL} if len(facts.get("languages", "")) > 1 else {}),
    )
    _approve(service, dossier)
    return Account.objects.get(dossier=dossier)


def _dossier(
    service: Service,
    *,
    unit: str,
    handle: str,
    language: str,
    purpose: str,
    pair_of: Account | None,
    network: str = "mastodon",
    facts: dict[str, Any] | None = None,
    **further: Any,
) -> JustificationDossier:
    """Submitted. `facts` and `further`: of the account, and answers, that are not those of every dossier here."""
    holders = ("writer_fr", "writer_nl") if language == "fr" else ("writer_nl", "writer_fr")
    usual = {
        "account_kind": AccountKind.PROFILE,
        "languages": [language],
        "audiences": [Audience.CITIZENS, Audience.BUSINESSES],
    }
    dossier = actions.create_dossier(
        unit=service.units[unit],
        platform=network,
        by=service.people["accounts"],
        proposed_handle=handle,
        server=settings.SIMULATOR_URL if NETWORKS[network].many_servers else "",
        pair_of=pair_of,
        objective=purpose,
        why_not_existing=_WHY[language],
        owner=service.people[holders[0]],
        backup_holder=service.people[holders[1]],
        review_on=timezone.localdate() + timedelta(days=365),
        answers=dossiers.answers(language, paired=unit != "staff", **further),
        **(usual | (facts or {})),
    )
    return actions.submit_dossier(dossier=dossier, by=service.people["accounts"])


def before_the_committee(service: Service, unit: str, handle: str, language: str, purpose: str) -> JustificationDossier:
    """A dossier that was found complete and that ICT/security advised on."""
    dossier = _dossier(service, unit=unit, handle=handle, language=language, purpose=purpose, pair_of=None)
    _pass_on(service, dossier)
    return dossier


def _pass_on(service: Service, dossier: JustificationDossier) -> None:
    actions.accept_dossier(dossier=dossier, by=service.people["chair"])
    actions.give_advice(
        dossier=dossier,
        by=service.people["adviser"],
        opinion=Opinion.WITH_POINTS,
        reasons="Double authentification et coffre : rien à redire. Le téléphone de récupération manque encore.",
        points=["Inscrire le téléphone de récupération du service"],
    )


def hear(service: Service, dossier: JustificationDossier) -> None:
    """The services that the committee hears on it say what they think."""
    for asked in consultations_of(dossier):
        actions.give_opinion(
            consultation=asked,
            by=service.people["writer_nl"],
            view=View.NO_OBJECTION,
            reasons="Een ander publiek dan het onze; wij verwijzen naar elkaar.",
        )


def _approve(service: Service, dossier: JustificationDossier) -> None:
    chair = service.people["chair"]
    _pass_on(service, dossier)
    hear(service, dossier)
    votes = {
        "chair": "Compleet en nodig.",
        "member_legal": "Base légale vérifiée.",
        "member_ict": "Beveiliging in orde.",
    }
    for member, reason in votes.items():
        actions.cast_vote(dossier=dossier, by=service.people[member], choice=VoteChoice.FOR, reason=reason)
    actions.decide(
        dossier=dossier,
        by=chair,
        reasons="Duidelijk publiek, titularis en plaatsvervanger aangeduid, talenpaar volledig.",
    )


def _open_dossier(service: Service) -> None:
    """One that the committee still has to vote on: the vacancies' own account."""
    dossier = _dossier(
        service,
        unit="fin",
        handle="financesjobs",
        language="fr",
        purpose="Présenter nos métiers et nos offres d'emploi à ceux qui cherchent du travail.",
        pair_of=None,
    )
    actions.accept_dossier(dossier=dossier, by=service.people["chair"])
    hear(service, dossier)
    actions.cast_vote(
        dossier=dossier,
        by=service.people["member_ict"],
        choice=VoteChoice.FOR,
        reason="Zelfde beveiliging als de andere.",
    )
    actions.comment_on_dossier(
        dossier=dossier,
        by=service.people["member_legal"],
        text="Qui répond aux candidats le week-end ?",
        question="duty_hours",
    )


def _without_an_audience(service: Service) -> None:
    """A service that works for the others asks for an account, and the committee asks it for whom."""
    dossier = _dossier(
        service,
        unit="staff",
        handle="p_o_finances",
        language="fr",
        purpose="Faire connaître le travail du service Personnel et Organisation.",
        pair_of=None,
        **dossiers.HORIZONTAL,
    )
    actions.return_dossier(dossier=dossier, by=service.people["chair"], reason=dossiers.WHICH_AUDIENCE)
