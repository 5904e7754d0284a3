"""What the dossiers of the demonstration answer, in the language of whoever writes them."""

from __future__ import annotations

from typing import Any

from accounts_registry.enums.questions import SecurityMeasure, TenQuestions

_COMMON: dict[str, Any] = {
    "ten_questions": [*TenQuestions.values],
    "official_url": "https://finances.example/contact",
    "duration": "permanent",
    "service_reach": "outward",
    "content_types": ["information", "service_alert", "question"],
    "posts_per_week": 7,
    "hours_per_week": 14,
    "in_job_description": "yes",
    "moderation_mode": "active",
    "response_commitment": "1_working_day",
    "security": [*SecurityMeasure.values],
    "gdpr": "assessed",
    "crisis_role": "relay",
    "user_need_measured": "yes",
}
_WORDS: dict[str, dict[str, Any]] = {
    "fr": {
        "bio_short": "Compte officiel. Nous répondons en un jour ouvrable.",
        "strategic_goal": "Plan de management, objectif 3 : chacun trouve sa réponse sans devoir appeler.",
        "comm_plan": "Plan de communication annuel, chapitre réseaux sociaux",
        "audience_evidence": "Enquête auprès de 1 850 personnes : 41 % consultent ce réseau chaque semaine.",
        "user_need": "Entretiens avec 24 personnes : elles veulent une réponse courte et un lien officiel.",
        "training_done": "Sécurité des comptes et politique de la maison : les deux titulaires.",
        "duty_hours": "Soir et week-end : les gestionnaires de conversations, selon la liste de garde.",
        "risks": "Commentaires hostiles : masqués selon la charte. Erreur : corrigée dans l'heure, avec mention.",
        "kpis": [
            {
                "name": "Réponses dans le délai",
                "formula": "réponses en un jour ouvrable sur questions reçues",
                "target": "95 %",
            },
            {"name": "Jours sans message", "formula": "jours ouvrables sans publication par mois", "target": "0"},
        ],
        "exit_plan": "Le titulaire ferme le compte, prévient les abonnés un mois avant et archive les messages.",
    },
    "nl": {
        "bio_short": "Officieel account. Wij antwoorden binnen één werkdag.",
        "strategic_goal": "Managementplan, doelstelling 3: iedereen vindt zijn antwoord zonder te moeten bellen.",
        "comm_plan": "Jaarlijks communicatieplan, hoofdstuk sociale media",
        "audience_evidence": "Enquête bij 1.850 mensen: 41 % raadpleegt dit netwerk elke week.",
        "user_need": "Gesprekken met 24 mensen: zij willen een kort antwoord met de link naar de officiële pagina.",
        "training_done": "Veiligheid van accounts en huisbeleid: beide houders.",
        "duty_hours": "Avond en weekend: de conversation managers, volgens de wachtlijst.",
        "risks": "Vijandige reacties: verborgen volgens het charter. Fout: binnen het uur verbeterd, met vermelding.",
        "kpis": [
            {
                "name": "Antwoorden op tijd",
                "formula": "antwoorden binnen één werkdag op ontvangen vragen",
                "target": "95 %",
            },
            {"name": "Dagen zonder bericht", "formula": "werkdagen zonder publicatie per maand", "target": "0"},
        ],
        "exit_plan": "De houder sluit het account, verwittigt de volgers een maand vooraf en archiveert de berichten.",
    },
}

# A service that works for the others: it asked, and does not yet say for whom.
HORIZONTAL: dict[str, Any] = {
    "service_reach": "horizontal",
    "audience_beyond": "Toute personne qui s'intéresse à notre travail.",
    "audience_evidence": "Nous n'avons pas encore de chiffres.",
    "user_need_measured": "no",
    "user_need": None,
}
WHICH_AUDIENCE = (
    "Votre service travaille pour les autres services. Dites précisément à qui vous parlez hors de l'administration, "
    "ce que ces personnes attendent de vous, et d'où vous savez qu'elles sont sur ce réseau."
)


def answers(language: str, *, paired: bool, **other: Any) -> dict[str, Any]:
    """Every further answer of an account in one language; `paired`: it has, or will have, its twin in the other."""
    setup = "separate_accounts" if paired else "single_language_justified"
    return {**_COMMON, **_WORDS[language], "language_setup": setup, **other}
