"""The questions of a justification dossier as data: which there are, what answers them, when they are asked.

Some answers are fields of the dossier, for the account is made of them; all others lie in its `answers`, by key. What
is required holds for what is submitted from now on: only a submission asks `unanswered`.
"""

from accounts_registry.questionnaire.answers import clean, kpis_of, valid_answers
from accounts_registry.questionnaire.asking import KPI_PARTS, Kind, Question
from accounts_registry.questionnaire.questions import (
    BY_KEY,
    QUESTIONS,
    SECTIONS,
    WRITTEN,
    asked_of,
    of_section,
    questions_of,
    unanswered,
)

__all__ = [
    "BY_KEY",
    "KPI_PARTS",
    "QUESTIONS",
    "SECTIONS",
    "WRITTEN",
    "Kind",
    "Question",
    "asked_of",
    "clean",
    "kpis_of",
    "of_section",
    "questions_of",
    "unanswered",
    "valid_answers",
]
