"""What the service reads of others: a feed and a page, both on the training network."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from governance.demonstration import simulator
from governance.demonstration.service import Service
from monitoring import actions
from monitoring.enums import LegalBasis

_NOTICES = [
    (
        "Guichets fermés le 11 décembre",
        "Tous les guichets sont fermés le vendredi 11 décembre.\nLe centre de contact reste ouvert de 9:00 à 17:00.",
    ),
    (
        "Nieuwe drempels vanaf 1 januari",
        "De belastingvrije som stijgt op 1 januari.\nDe tabellen staan op de website van de dienst.",
    ),
]
_SOURCES = [
    # owner, network, path, title, purpose
    (
        "conversations_fr",
        "feed",
        "/notices.xml",
        "Avis au public",
        "Savoir ce qui est annoncé avant que les citoyens posent leurs questions.",
    ),
    (
        "conversations_nl",
        "webpage",
        "/notices",
        "Pagina met berichten",
        "Wijzigingen op de pagina zien voor de eerste vraag erover binnenkomt.",
    ),
]


def build(service: Service) -> None:
    for title, text in _NOTICES:
        simulator.put_up(title, text)
    for owner, network, path, title, purpose in _SOURCES:
        person = service.people[owner]
        actions.add_source(
            unit=person.unit,
            network=network,
            url=settings.SIMULATOR_URL + path,
            title=title,
            words="",
            purpose=purpose,
            legal_basis=LegalBasis.PUBLIC_TASK,
            law="Loi du 22 mai 2003 / Wet van 22 mei 2003",
            dpia_reference="DPIA-2026-015",
            owner=person,
            expires_on=timezone.localdate() + timedelta(days=180),
            by=person,
        )
