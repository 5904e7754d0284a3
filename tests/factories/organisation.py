"""Units, people and grants, made directly: no audit events, so that tests count only what they cause."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from organisation.enums import GovernanceModel, UnitKind
from organisation.models import AccessReview, Delegation, Grant, Person, Recovery, ReviewLine, Unit
from organisation.models.recovery import RecoveryKind

AUTONOMY = GovernanceModel.AUTONOMY
PASSWORD = "correct horse battery"


@cache
def hashed(password: str) -> str:
    """Hashing is slow on purpose; once a process is enough."""
    return make_password(password)


class UnitFactory(factory.django.DjangoModelFactory[Unit]):
    """A root unit; `parent=` puts it below another one, governed as that is. Each service gives its own roles."""

    class Meta:
        model = Unit

    slug = factory.Sequence(lambda n: f"unit-{n}")
    names = factory.LazyAttribute(lambda unit: {"fr": f"Service {unit.slug}", "nl": f"Dienst {unit.slug}"})
    kind = UnitKind.FEDERAL_SERVICE
    governance_model = factory.LazyAttribute(lambda unit: "" if getattr(unit, "parent", None) else AUTONOMY)
    languages = factory.LazyFunction(lambda: ["fr", "nl"])

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **facts: Any) -> Unit:
        parent = facts.pop("parent", None)
        unit = model_class(**facts)
        if parent is None:
            return model_class.objects.add_root(instance=unit)
        return model_class.objects.add_child(model_class.objects.get(pk=parent.pk), instance=unit)


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """Somebody who can sign in with `PASSWORD`; English, so that tests read the source sentences."""

    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person{n}@example.test")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"
    unit = factory.SubFactory(UnitFactory)
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **facts: Any) -> Person:
        facts["password"] = hashed(facts["password"])
        return model_class.objects.create(**facts)


class GrantFactory(factory.django.DjangoModelFactory[Grant]):
    class Meta:
        model = Grant

    person = factory.SubFactory(PersonFactory)
    role = "communication_cell"
    unit = factory.LazyAttribute(lambda grant: grant.person.unit)


class DelegationFactory(factory.django.DjangoModelFactory[Delegation]):
    """A role lent for a week, to a colleague of the same unit."""

    class Meta:
        model = Delegation

    grant = factory.SubFactory(GrantFactory)
    delegate = factory.LazyAttribute(lambda one: PersonFactory.create(unit=one.grant.unit))
    begins = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))
    ends = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    reason = "On leave"
    text = "Everything but the budget"


class RecoveryFactory(factory.django.DjangoModelFactory[Recovery]):
    """A proposed link for somebody."""

    class Meta:
        model = Recovery

    person = factory.SubFactory(PersonFactory)
    kind = RecoveryKind.LINK
    reason = "Password lost"
    proposed_by = factory.SubFactory(PersonFactory)


class ReviewFactory(factory.django.DjangoModelFactory[AccessReview]):
    """One that runs for a week, without any line."""

    class Meta:
        model = AccessReview

    unit = factory.SubFactory(UnitFactory)
    reason = "Once a year"
    started_by = factory.LazyAttribute(lambda review: PersonFactory.create(unit=review.unit))
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class ReviewLineFactory(factory.django.DjangoModelFactory[ReviewLine]):
    class Meta:
        model = ReviewLine

    review = factory.SubFactory(ReviewFactory, state="running")
    grant = factory.SubFactory(GrantFactory, role="newcomer")


def person_with(role: str, unit: Unit, **facts: Any) -> Person:
    """Somebody of `unit` who holds `role` there."""
    person = PersonFactory.create(unit=facts.pop("works_in", unit), **facts)
    GrantFactory.create(person=person, role=role, unit=unit)
    return person
