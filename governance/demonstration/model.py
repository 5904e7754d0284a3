"""The presence of a whole service, as services have it: two networks in both languages, two networks bilingual; and the
accounts of another service's agencies, with whom they speak to and how many followed them on which day.

The figures are made up but for one: the group of communicators had about 450 members.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from accounts_registry import actions
from accounts_registry.actions.consenting import Visit
from accounts_registry.actions.figures import note_figure
from accounts_registry.enums import AccountKind, Audience
from accounts_registry.models import Account
from accounts_registry.money import MICRO
from accounts_registry.queries.homes import consent_offered
from governance.demonstration import registry, simulator
from governance.demonstration.service import Service
from networks.catalogue import NETWORKS
from networks.kinds import Purpose
from organisation.models import Person

SOURCE = "Statistiques du réseau (démonstration)"


@dataclass(frozen=True)
class Presence:
    """One account as it is asked for. `followers`: on the first day of each of the last months, the newest last."""

    key: str
    unit: str
    network: str
    kind: AccountKind
    handle: str
    name: str
    languages: tuple[str, ...]
    purpose: str
    audiences: tuple[Audience, ...]
    followers: tuple[int, ...]
    pair: str = ""
    is_connected: bool = True


_PUBLIC = (Audience.CITIZENS, Audience.BUSINESSES)
_JOBS = (Audience.JOBSEEKERS, Audience.CIVIL_SERVANTS, Audience.HR_PROFESSIONALS)
_COURSES = (Audience.CIVIL_SERVANTS, Audience.TRAINERS)
PAGE, PROFILE, CHANNEL, GROUP = AccountKind.PAGE, AccountKind.PROFILE, AccountKind.CHANNEL, AccountKind.GROUP

OWN = [
    Presence(
        *("facebook_fr", "fin", "facebook", PAGE, "spffinances_page", "SPF Finances", ("fr",)),
        "Chaque jour une information utile, et une réponse à chaque question.",
        *(_PUBLIC, (18_420, 18_655, 18_910)),
    ),
    Presence(
        *("facebook_nl", "fin", "facebook", PAGE, "fodfinancien_pagina", "FOD Financiën", ("nl",)),
        "Elke dag nuttige informatie, en een antwoord op elke vraag.",
        *(_PUBLIC, (21_050, 21_240, 21_600), "facebook_fr"),
    ),
    Presence(
        *("x_nl", "fin", "x", PROFILE, "fodfinancien_be", "FOD Financiën", ("nl",)),
        "De pers en de volgers verwittigen: termijnen, storingen, hervattingen.",
        *((Audience.PRESS, Audience.CITIZENS), (9_310, 9_280, 9_365)),
    ),
    Presence(
        *("linkedin", "fin", "linkedin", PAGE, "spf_fod_finances", "SPF Finances · FOD Financiën", ("fr", "nl")),
        "Nos métiers, nos offres d'emploi et nos partenaires.",
        *((Audience.JOBSEEKERS, Audience.PARTNERS), (31_200, 31_900, 32_450)),
    ),
    Presence(
        *("youtube", "fin", "youtube", CHANNEL, "financesbe", "SPF Finances · FOD Financiën", ("fr", "nl")),
        "Des films courts qui expliquent une démarche, sous-titrés.",
        *(_PUBLIC, (4_120, 4_160, 4_205)),
    ),
]
BESIDE = [
    Presence(
        *("selor_facebook", "selor", "facebook", PAGE, "selor.jobs", "Selor", ("fr", "nl")),
        "Les offres d'emploi de l'administration et la préparation des épreuves.",
        *(_JOBS, (25_700, 26_050, 26_480)),
        is_connected=False,
    ),
    Presence(
        *("selor_x", "selor", "x", PROFILE, "selor_be", "Selor", ("fr", "nl")),
        "Chaque offre d'emploi le jour de sa parution.",
        *(_JOBS, (6_240, 6_190, 6_205)),
        is_connected=False,
    ),
    Presence(
        *("selor_linkedin", "selor", "linkedin", PAGE, "selor-jobs", "Selor", ("fr", "nl")),
        "Les fonctions difficiles à pourvoir, pour qui travaille ailleurs.",
        *((*_JOBS, Audience.PRIVATE_WORKERS), (38_900, 40_150, 41_300)),
        is_connected=False,
    ),
    Presence(
        *("selor_youtube", "selor", "youtube", CHANNEL, "selorbe", "Selor", ("fr", "nl")),
        "Comment se déroule une épreuve : des films courts, sous-titrés.",
        *(_JOBS, (1_310, 1_335, 1_360)),
        is_connected=False,
    ),
    Presence(
        *("selor_instagram", "selor", "instagram", PROFILE, "selor.be", "Selor", ("fr", "nl")),
        "Des collègues montrent leur métier.",
        *((Audience.JOBSEEKERS, Audience.STUDENTS), (3_050, 3_280, 3_590)),
        is_connected=False,
    ),
    Presence(
        *("ifa_facebook", "ifa", "facebook", PAGE, "ifa.ofo", "IFA · OFO", ("fr", "nl")),
        "Les formations du mois, choisies par le comité éditorial, et ce que les participants en disent.",
        *(_COURSES, (2_840, 2_870, 2_915)),
        is_connected=False,
    ),
    Presence(
        *("commnet_group", "commnet", "linkedin", GROUP, "commnet-kmnet", "COMMnet-KMnet", ("fr", "nl")),
        "Les communicateurs fédéraux s'y posent leurs questions entre eux.",
        *((Audience.CIVIL_SERVANTS, Audience.PARTNERS), (438, 446, 450)),
        is_connected=False,
    ),
]


def build(service: Service) -> dict[str, Account]:
    """Those that there are networks for, by key: active, with their figures; those of the service connected, where
    Parvis is registered at the training network."""
    made: dict[str, Account] = {}
    for one in (*OWN, *BESIDE):
        if one.network in NETWORKS:
            made[one.key] = _opened(service, one, made.get(one.pair))
    return made


def _opened(service: Service, one: Presence, pair: Account | None) -> Account:
    account = registry.opened(
        service,
        unit=one.unit,
        network=one.network,
        handle=one.handle,
        language=one.languages[0],
        languages=[*one.languages],
        purpose=one.purpose,
        account_kind=one.kind,
        audiences=[*one.audiences],
        pair_of=pair,
    )
    by = service.people["accounts"]
    if one.is_connected and consent_offered(one.network):
        simulator.person(one.handle, one.name, kind="organisation", language=one.languages[0])
        account = _connected(account, by)
        if NETWORKS[one.network].capabilities.prices is not None:
            actions.set_budget(account=account, limit=100 * MICRO, kept_for_answers=30 * MICRO, by=by)
    for value, on in _dated(one, account):
        note_figure(account=account, by=by, measure="followers", value=value, on=on, source=SOURCE)
    return account


def _connected(account: Account, by: Person) -> Account:
    """By consent, as a person gives it on the network's own page."""
    visit = Visit(session="demonstration", host=urlsplit(settings.CSRF_TRUSTED_ORIGINS[0]).netloc)
    url = actions.begin_consent(
        account=account,
        by=by,
        purpose=Purpose.ALL,
        visit=visit,
        redirect_uri=settings.CSRF_TRUSTED_ORIGINS[0] + reverse("accounts_registry:consent_back"),
    )
    told = simulator.agree(url, account.handle)
    pending = actions.claim_consent(state=told["state"], by=by, visit=visit)
    return actions.finish_consent(pending=pending, by=by, code=told["code"], issuer=told.get("iss", ""))


def _dated(one: Presence, account: Account) -> Iterator[tuple[int, date]]:
    """Its followers, each on the first day of its month."""
    first = account.today.replace(day=1)
    for value in reversed(one.followers):
        yield value, first
        first = (first - timedelta(days=1)).replace(day=1)
