"""Two families of watch: the organisation itself, and what it works on."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts_registry.models import Account
from governance.demonstration.service import Service
from monitoring import actions
from monitoring.enums import LegalBasis

_WATCHES = [
    # account, owner, name, keywords, purpose
    (
        "fin_fr",
        "conversations_fr",
        "Le service par son nom",
        "SPF Finances",
        "Répondre aux questions de citoyens qui parlent du service sans le mentionner.",
    ),
    (
        "fisc_nl",
        "conversations_nl",
        "Tax-on-web",
        "Tax-on-web",
        "Storingen en vragen over de aangifte zien voor de telefoon roodgloeiend staat.",
    ),
]


def build(service: Service, accounts: dict[str, Account]) -> None:
    for account, owner, name, query, purpose in _WATCHES:
        watch = actions.create_watch(
            account=accounts[account],
            by=service.people[owner],
            name=name,
            query=query,
            purpose=purpose,
            legal_basis=LegalBasis.PUBLIC_TASK,
            law="Loi du 22 mai 2003 / Wet van 22 mei 2003",
            dpia_reference="DPIA-2026-014",
            owner=service.people[owner],
            expires_on=timezone.localdate() + timedelta(days=180),
        )
        actions.activate_watch(watch=watch, by=service.people[owner])
