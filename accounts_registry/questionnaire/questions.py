"""The questions, in the order in which they are asked."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.questions import (
    ContentType,
    CrisisRole,
    Duration,
    LanguageSetup,
    ModerationMode,
    PersonalData,
    RequestType,
    ResponseCommitment,
    SecurityMeasure,
    ServiceReach,
    TenQuestions,
    YesNo,
)
from accounts_registry.questionnaire.asking import Answers, Kind, Question
from accounts_registry.questionnaire.requests import REQUESTS, SECTION


def is_regularised(answers: Answers) -> bool:
    return answers.get("request_type") == RequestType.REGULARISE


def _has_an_end(answers: Answers) -> bool:
    return answers.get("duration") in (Duration.CAMPAIGN, Duration.TRIAL)


def _is_horizontal(answers: Answers) -> bool:
    return answers.get("service_reach") == ServiceReach.HORIZONTAL


def _was_measured(answers: Answers) -> bool:
    return answers.get("user_need_measured") == YesNo.YES


SECTIONS: dict[str, str | Promise] = {
    "account": _("The account"),
    "reasons": _("Why and for whom"),
    "people": _("Who answers for it"),
    "running": _("How it is run"),
    "safety": _("Risk, success and end"),
    SECTION: _("The request"),
}

_ACCOUNT = (
    Question(
        "ten_questions",
        "account",
        Kind.SEVERAL,
        _("ten questions before you ask"),
        _("Tick what you can answer today. The dossier asks them all; it can be submitted once all ten are ticked."),
        TenQuestions,
        all_of=True,
    ),
    Question("request_type", "account", Kind.FIELD),
    Question("account_kind", "account", Kind.FIELD),
    Question("proposed_handle", "account", Kind.FIELD),
    Question(
        "existing_url",
        "account",
        Kind.URL,
        _("address of the account that exists"),
        _("Only where you regularise an account that is there already."),
        asked=is_regularised,
        limit=500,
    ),
    Question(
        "why_created",
        "account",
        Kind.TEXT,
        _("why it was created without a dossier"),
        _("Only where you regularise an account: who opened it, when, and for what."),
        asked=is_regularised,
    ),
    Question(
        "bio_short",
        "account",
        Kind.LINE,
        _("short description"),
        _("As it will stand on the network, in at most 155 signs."),
        required=False,
        limit=155,
    ),
    Question(
        "official_url",
        "account",
        Kind.URL,
        _("official site to which it links"),
        _("The page of your service that names this account, so that people can check it."),
        limit=500,
    ),
    Question("languages", "account", Kind.FIELD),
    Question(
        "language_setup",
        "account",
        Kind.CHOICE,
        _("how the languages are served"),
        options=LanguageSetup,
    ),
    Question("duration", "account", Kind.CHOICE, _("for how long"), options=Duration),
    Question(
        "ends_on",
        "account",
        Kind.DAY,
        _("last day"),
        _("Only for a campaign or a trial. The account is then looked at again, and closed or confirmed."),
        asked=_has_an_end,
    ),
)

_REASONS = (
    Question("objective", "reasons", Kind.FIELD),
    Question(
        "strategic_goal",
        "reasons",
        Kind.LINE,
        _("strategic goal served"),
        _("As your service's management plan or strategy names it."),
        limit=300,
    ),
    Question(
        "comm_plan",
        "reasons",
        Kind.LINE,
        _("communication plan"),
        _("The plan of which it is a part, if there is one."),
        required=False,
        limit=300,
    ),
    Question("audiences", "reasons", Kind.FIELD),
    Question(
        "service_reach",
        "reasons",
        Kind.CHOICE,
        _("for whom your service works"),
        options=ServiceReach,
    ),
    Question(
        "audience_beyond",
        "reasons",
        Kind.TEXT,
        _("who outside the administration reads it"),
        _("Only where you work for other services: whom do you speak to yourselves, and what do they need from you?"),
        asked=_is_horizontal,
    ),
    Question(
        "audience_evidence",
        "reasons",
        Kind.TEXT,
        _("evidence that this audience is on this network"),
        _("Figures, a survey, questions that reach you: with the source and the date."),
    ),
    Question(
        "user_need_measured",
        "reasons",
        Kind.CHOICE,
        _("was the need measured with users?"),
        options=YesNo,
    ),
    Question(
        "user_need",
        "reasons",
        Kind.TEXT,
        _("what users said they need"),
        _("Only if it was measured: how, with how many people, and what came out."),
        asked=_was_measured,
    ),
    Question(
        "existing_accounts",
        "reasons",
        Kind.ACCOUNTS,
        _("existing accounts that you looked at"),
        _("Those that come near to what you want to do."),
        required=False,
    ),
    Question("why_not_existing", "reasons", Kind.FIELD),
)

_PEOPLE = (
    Question("owner", "people", Kind.FIELD),
    Question("backup_holder", "people", Kind.FIELD),
    Question("review_on", "people", Kind.FIELD),
)

_RUNNING = (
    Question("content_types", "running", Kind.SEVERAL, _("what is published"), options=ContentType),
    Question(
        "posts_per_week",
        "running",
        Kind.NUMBER,
        _("messages a week"),
        _("With fewer than three to five a week an account looks abandoned."),
        limit=500,
    ),
    Question(
        "hours_per_week",
        "running",
        Kind.NUMBER,
        _("hours of work a week"),
        _("Of all who work on it together: writing, answering, looking at the figures."),
        limit=500,
    ),
    Question(
        "in_job_description",
        "running",
        Kind.CHOICE,
        _("is the task in the job description of who does it?"),
        options=YesNo,
    ),
    Question(
        "training_done",
        "running",
        Kind.TEXT,
        _("training completed"),
        _("Who followed what, and when."),
        required=False,
        limit=2000,
    ),
    Question("moderation_mode", "running", Kind.CHOICE, _("moderation of comments"), options=ModerationMode),
    Question(
        "response_commitment", "running", Kind.CHOICE, _("how soon people get an answer"), options=ResponseCommitment
    ),
    Question(
        "duty_hours",
        "running",
        Kind.TEXT,
        _("duty in the evening and at weekends"),
        _("Who is on duty and when; leave it empty where nobody is."),
        required=False,
        limit=1000,
    ),
)

_SAFETY = (
    Question("security", "safety", Kind.SEVERAL, _("security measures in place"), options=SecurityMeasure),
    Question("gdpr", "safety", Kind.CHOICE, _("personal data (GDPR)"), options=PersonalData),
    Question(
        "risks",
        "safety",
        Kind.TEXT,
        _("what can go wrong, and what you do then"),
        _("Hostile comments, impersonation, wrong information, people leaving."),
    ),
    Question("crisis_role", "safety", Kind.CHOICE, _("role in a crisis"), options=CrisisRole),
    Question(
        "kpis",
        "safety",
        Kind.KPIS,
        _("indicators and targets"),
        _(
            "One a line: name | how it is counted | target. For example: Answered in time | answers within one working "
            "day by questions | 95 %"
        ),
    ),
    Question(
        "exit_plan",
        "safety",
        Kind.TEXT,
        _("plan for closing and archiving"),
        _("When it is closed, who does it, what happens to followers, messages and passwords."),
    ),
)

# Of a dossier that asks for an account; then all there are.
QUESTIONS: tuple[Question, ...] = (*_ACCOUNT, *_REASONS, *_PEOPLE, *_RUNNING, *_SAFETY)
BY_KEY = {one.key: one for one in (*QUESTIONS, *(one for asked in REQUESTS.values() for one in asked))}
BY_KEY |= {one.key: one for one in QUESTIONS}  # a field that both ask for is found among the first
WRITTEN = {key: question for key, question in BY_KEY.items() if question.is_written}


def of_section(section: str) -> list[Question]:
    return [question for question in QUESTIONS if question.section == section]


def questions_of(request_type: str) -> tuple[Question, ...]:
    """The questions of a dossier that asks for this, in their order."""
    return REQUESTS.get(request_type, QUESTIONS)


def asked_of(answers: Answers) -> list[Question]:
    """The questions that these answers (fields of the dossier among them) make questions, in their order."""
    return [one for one in questions_of(answers.get("request_type", "")) if one.asked(answers)]


def unanswered(answers: Answers) -> list[Question]:
    """What a submission of `answers` still misses, in the order of the questions."""
    return [one for one in asked_of(answers) if one.lacks(answers.get(one.key))]
