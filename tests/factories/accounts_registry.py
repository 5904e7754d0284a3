"""Dossiers and accounts, made directly: no audit events, no network."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts_registry import vault
from accounts_registry.enums import (
    AccountKind,
    AccountState,
    ConnectionState,
    DossierState,
    SightingKind,
    SightingState,
)
from accounts_registry.enums.advice import Opinion
from accounts_registry.enums.questions import TenQuestions
from accounts_registry.forms.answers import typed_as
from accounts_registry.models import (
    AbuseCase,
    Account,
    Advice,
    CommitteeSeat,
    Condition,
    Consultation,
    Credential,
    Decision,
    DossierComment,
    JustificationDossier,
    NilReturn,
    Sighting,
    ThirdPartyApp,
)
from accounts_registry.queries.committee import committee, quorum_of
from accounts_registry.questionnaire import BY_KEY, of_section
from networks.types import AccountRef
from tests.factories.organisation import PersonFactory, UnitFactory

# How an account that is closed ends.
EXIT = {"followers": "Sent to the main account", "archive": "In the state archives", "name": "Kept, unused"}


def in_a_year() -> date:
    return timezone.localdate() + timedelta(days=365)


def whole_answers(**other: Any) -> dict[str, Any]:
    """An answer to every further question that a new account for good is asked."""
    return {
        "ten_questions": [*TenQuestions.values],
        "official_url": "https://finances.example/contact",
        "language_setup": "separate_accounts",
        "duration": "permanent",
        "strategic_goal": "People find their answer themselves",
        "service_reach": "outward",
        "audience_evidence": "4,000 questions a month name this network",
        "user_need_measured": "no",
        "content_types": ["information", "question"],
        "posts_per_week": 7,
        "hours_per_week": 12,
        "in_job_description": "yes",
        "moderation_mode": "active",
        "response_commitment": "1_working_day",
        "security": ["sso_or_vault", "two_factor"],
        "gdpr": "assessed",
        "risks": "Hostile comments: the spokesperson decides",
        "crisis_role": "relay",
        "kpis": [{"name": "Answered in time", "formula": "answers in a day / questions", "target": "95 %"}],
        "exit_plan": "Closed by its owner, messages kept in the archive",
        **other,
    }


def typed_answers(section: str) -> dict[str, Any]:
    """The same as somebody types it into the step of that name."""
    whole = whole_answers()
    keys = [question.key for question in of_section(section) if question.key in whole]
    return {key: typed_as(BY_KEY[key], whole[key]) for key in keys}


class DossierFactory(factory.django.DjangoModelFactory[JustificationDossier]):
    """A complete draft."""

    class Meta:
        model = JustificationDossier

    unit = factory.SubFactory(UnitFactory)
    platform = "mastodon"
    account_kind = AccountKind.PAGE
    proposed_handle = factory.Sequence(lambda n: f"fin{n}")
    languages = factory.LazyFunction(lambda: ["fr"])
    objective = "Tell people how taxes work"
    audiences = factory.LazyFunction(lambda: ["citizens"])
    why_not_existing = "No account speaks to this public"
    owner = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))
    backup_holder = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))
    review_on = factory.LazyFunction(in_a_year)
    answers = factory.LazyFunction(whole_answers)
    requested_by = factory.SelfAttribute("owner")
    state = DossierState.DRAFT

    @classmethod
    def _create(cls, model_class: type[JustificationDossier], *args: Any, **facts: Any) -> JustificationDossier:
        """Before the committee: with its seats and quorum, as they are fixed when it passes there."""
        dossier = model_class.objects.create(**facts)
        if dossier.state in (DossierState.IN_REVIEW, DossierState.DEFERRED):
            seats = committee(dossier)
            CommitteeSeat.objects.bulk_create(seats)
            dossier.quorum = quorum_of(sum(not seat.stands_aside for seat in seats))
            dossier.save(update_fields=["quorum"])
        return dossier


class AccountFactory(factory.django.DjangoModelFactory[Account]):
    """An active, disconnected account behind an approved dossier."""

    class Meta:
        model = Account

    unit = factory.SubFactory(UnitFactory)
    network = "mastodon"
    base_url = "https://mastodon.example"
    handle = factory.Sequence(lambda n: f"fin{n}")
    kind = AccountKind.PAGE
    purpose = "Tell people how taxes work"
    audiences = factory.LazyFunction(lambda: ["citizens"])
    languages = factory.LazyFunction(lambda: ["fr"])
    state = AccountState.ACTIVE
    dossier = factory.SubFactory(
        DossierFactory,
        unit=factory.SelfAttribute("..unit"),
        platform=factory.SelfAttribute("..network"),
        proposed_handle=factory.SelfAttribute("..handle"),
        languages=factory.SelfAttribute("..languages"),
        state=DossierState.APPROVED,
        round=1,
    )
    owner = factory.SelfAttribute("dossier.owner")
    backup_holder = factory.SelfAttribute("dossier.backup_holder")
    review_on = factory.SelfAttribute("dossier.review_on")


class ConditionFactory(factory.django.DjangoModelFactory[Condition]):
    """An open condition of an account that was approved with it; `dossier=` of another one."""

    class Meta:
        model = Condition
        exclude = ("dossier",)

    dossier = factory.SubFactory(DossierFactory, state=DossierState.APPROVED_WITH_CONDITIONS, round=1)
    text = "A second factor on the network"
    owner = factory.SelfAttribute("dossier.owner")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))

    @factory.lazy_attribute
    def decision(self: Any) -> Decision:
        figures = {"votes_for": 3, "votes_against": 0, "abstentions": 0, "quorum": 2, "voting_members": 4}
        facts = {"outcome": "approve", "reasons": "Useful", "decided_by": self.dossier.owner, **figures}
        decision, _new = Decision.objects.get_or_create(dossier=self.dossier, round=self.dossier.round, defaults=facts)
        return decision


class AdviceFactory(factory.django.DjangoModelFactory[Advice]):
    """Favourable, on what is before the committee."""

    class Meta:
        model = Advice

    dossier = factory.SubFactory(DossierFactory, state=DossierState.IN_REVIEW, round=1)
    round = factory.LazyAttribute(lambda made: JustificationDossier.objects.get(pk=made.dossier.pk).round)
    opinion = Opinion.FAVOURABLE
    reasons = "Two factors, a vault, nobody shares a password"
    given_by = factory.SubFactory(PersonFactory)


class ConsultationFactory(factory.django.DjangoModelFactory[Consultation]):
    """A service that is asked for a week, on what is before the committee."""

    class Meta:
        model = Consultation

    dossier = factory.SubFactory(DossierFactory, state=DossierState.IN_REVIEW, round=1)
    round = factory.LazyAttribute(lambda made: JustificationDossier.objects.get(pk=made.dossier.pk).round)
    unit = factory.SubFactory(UnitFactory)
    asked_by = factory.SubFactory(PersonFactory)
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class CommentFactory(factory.django.DjangoModelFactory[DossierComment]):
    class Meta:
        model = DossierComment

    dossier = factory.SubFactory(DossierFactory, state=DossierState.SUBMITTED, round=1)
    author = factory.SelfAttribute("dossier.owner")
    text = "Who answers at weekends?"


class ConnectedAccountFactory(AccountFactory):
    """Active and connected; `credentials=` (name → secret) are sealed as the application seals them."""

    class Meta:
        skip_postgeneration_save = True

    remote_id = factory.Sequence(lambda n: f"remote-{n}")
    connection_state = ConnectionState.CONNECTED
    connected_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def credentials(self: Any, create: bool, extracted: dict[str, str] | None, **kwargs: Any) -> None:
        for name, secret in (extracted or {"access_token": "token-for-tests"}).items():
            keep_credential(self, name, secret)


def connected_as(ref: AccountRef) -> Account:
    """The account in whose name a connector acts as `ref`, with the same credentials."""
    return ConnectedAccountFactory.create(
        network=ref.network,
        base_url=ref.base_url,
        handle=ref.handle,
        remote_id=ref.remote_id,
        credentials=dict(ref.credentials),
    )


class ThirdPartyAppFactory(factory.django.DjangoModelFactory[ThirdPartyApp]):
    class Meta:
        model = ThirdPartyApp

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Scheduler {n}")
    purpose = "Plans messages"
    noted_by = factory.SelfAttribute("account.owner")
    last_seen_on = factory.LazyFunction(timezone.localdate)


def keep_credential(account: Account, name: str, secret: str, purpose: str = "all") -> Credential:
    credential = Credential(account=account, name=name, purpose=purpose)
    credential.box = vault.seal(secret, credential.row)
    credential.save()
    return credential


class SightingFactory(factory.django.DjangoModelFactory[Sighting]):
    """A wild account on X that somebody saw."""

    class Meta:
        model = Sighting

    unit = factory.SubFactory(UnitFactory)
    kind = SightingKind.WILD
    network = "x"
    handle = factory.Sequence(lambda n: f"taxcorner{n}")
    address = factory.LazyAttribute(lambda made: f"https://x.com/{made.handle}")
    key = factory.LazyAttribute(lambda made: f"{made.network}|{made.server}|@{made.handle.lower()}")
    server = ""
    reported_by = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))
    kept_until = factory.LazyFunction(in_a_year)

    @classmethod
    def _create(cls, model_class: type[Sighting], *args: Any, **facts: Any) -> Sighting:
        made = model_class.objects.create(**facts)
        made.refresh_from_db()
        return made


class AbuseCaseFactory(factory.django.DjangoModelFactory[AbuseCase]):
    """Reported, and for somebody else to confirm."""

    class Meta:
        model = AbuseCase

    sighting = factory.SubFactory(SightingFactory, kind=SightingKind.IMPERSONATION, state=SightingState.REGISTERED)
    reported_by = factory.SelfAttribute("sighting.reported_by")


class NilReturnFactory(factory.django.DjangoModelFactory[NilReturn]):
    class Meta:
        model = NilReturn

    unit = factory.SubFactory(UnitFactory)
    since = date(2026, 7, 1)
    until = date(2026, 9, 30)
    how = "Looked on X, weekly"
    declared_by = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))
