"""House policies, trainings and certificates, made directly: no audit events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from organisation.house_policy import Point, PolicyState
from organisation.models import (
    Certificate,
    Person,
    PolicyAttestation,
    PolicyVersion,
    PublishingGate,
    TrainingModule,
    TrainingSession,
    Unit,
)
from organisation.models.house_policy import hash_of
from organisation.training import Pillar, TrainingKind
from tests.factories.organisation import PersonFactory, UnitFactory

TEXTS = {"fr": "Soyez polis.", "nl": "Wees beleefd."}
QUESTIONS = "? One\n+ Right\n- Wrong\n? Two\n- Wrong\n+ Right\n"
ALL_POINTS = {point.value: f"Fulfilled: {point.value}" for point in Point}


class PolicyFactory(factory.django.DjangoModelFactory[PolicyVersion]):
    """A draft with a text in both languages, written by `started_by`; in force where `state` says so."""

    class Meta:
        model = PolicyVersion

    unit = factory.SubFactory(UnitFactory)
    number = factory.LazyAttribute(lambda version: PolicyVersion.objects.filter(unit=version.unit).count() + 1)
    texts = factory.LazyFunction(lambda: dict(TEXTS))
    started_by = factory.LazyAttribute(lambda version: PersonFactory.create(unit=version.unit))
    content_hash = factory.LazyAttribute(lambda version: hash_of(version.texts, getattr(version, "grace_days", 30)))
    published_at = factory.LazyAttribute(
        lambda version: timezone.now() if getattr(version, "state", "") in ("published", "superseded") else None
    )

    @classmethod
    def _create(cls, model_class: type[PolicyVersion], *args: Any, **facts: Any) -> PolicyVersion:
        facts["content_hash"] = hash_of(facts["texts"], facts.get("grace_days", 30))
        version = super()._create(model_class, *args, **facts)
        version.editors.add(version.started_by)
        return version


def in_force(unit: Unit, *, days_ago: int = 0, **facts: Any) -> PolicyVersion:
    """A version that is in force there since so many days."""
    since = timezone.now() - timedelta(days=days_ago)
    return PolicyFactory.create(unit=unit, state=PolicyState.PUBLISHED, published_at=since, **facts)


def attested(version: PolicyVersion, person: Person) -> PolicyAttestation:
    return PolicyAttestation.objects.create(version=version, person=person, content_hash=version.content_hash)


class TrainingFactory(factory.django.DjangoModelFactory[TrainingModule]):
    """On demand, for the front line, with two questions; `kind="session"` for one with sessions."""

    class Meta:
        model = TrainingModule

    unit = factory.SubFactory(UnitFactory)
    kind = TrainingKind.ON_DEMAND
    pillar = Pillar.FRONT_LINE
    names = factory.LazyFunction(lambda: {"fr": "Les bases", "nl": "De basis"})
    texts = factory.LazyFunction(lambda: {"fr": "Lisez.", "nl": "Lees."})
    questions = factory.LazyAttribute(
        lambda module: {"fr": QUESTIONS, "nl": QUESTIONS} if module.kind == TrainingKind.ON_DEMAND else {}
    )
    made_by = factory.LazyAttribute(lambda module: PersonFactory.create(unit=module.unit))


class SessionFactory(factory.django.DjangoModelFactory[TrainingSession]):
    """In a week, for twelve."""

    class Meta:
        model = TrainingSession

    module = factory.SubFactory(TrainingFactory, kind=TrainingKind.SESSION)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    place = "Room 1"
    places = 12
    trainer = factory.LazyAttribute(lambda session: PersonFactory.create(unit=session.module.unit))


def certified(module: TrainingModule, person: Person, *, expired: bool = False, **facts: Any) -> Certificate:
    """One that does not expire, or that expired yesterday."""
    now = timezone.now()
    over = {"given_at": now - timedelta(days=400), "expires_at": now - timedelta(days=1)} if expired else {}
    return Certificate.objects.create(module=module, person=person, **{**over, **facts})


def gate(unit: Unit, **facts: Any) -> PublishingGate:
    return PublishingGate.objects.create(unit=unit, **facts)
