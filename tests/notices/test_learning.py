"""Reminders of what somebody is to attest, answer or learn: who is told, and when no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.actions.looking import compare
from notices.kinds import kind_of
from notices.models import Addressee
from organisation.models import Person, Unit
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.training import PolicyFactory, TrainingFactory, attested, certified, in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.fixture
def els(root: Unit) -> Person:
    return person_with("communication_cell", root, name="Els")


def told(kind: str) -> set[str]:
    """Names of those who are told, after a look."""
    found = kind_of(kind)
    assert found is not None
    compare(found)
    standing = Addressee.objects.filter(notice__kind=kind, notice__settled_at__isnull=True)
    return set(standing.values_list("person__name", flat=True))


@pytest.mark.parametrize(("days_ago", "is_told"), [(22, False), (24, True), (40, True)])
def test_who_has_not_attested_is_reminded_a_week_before_the_grace_ends(
    root: Unit, els: Person, days_ago: int, is_told: bool
) -> None:
    version = in_force(root, days_ago=days_ago)
    assert ("Els" in told("policy_unattested")) is is_told
    attested(version, els)
    assert "Els" not in told("policy_unattested")


def test_who_answers_for_a_unit_is_asked_and_not_who_wrote_it(root: Unit, els: Person) -> None:
    writer = person_with("committee_chair", root, name="Chair")
    version = PolicyFactory.create(unit=root, state="in_consultation", started_by=writer)
    assert told("policy_asked") == {"Els"}
    version.answers.create(unit=root, kind="yes", content_hash=version.content_hash, by=els)
    assert told("policy_asked") == set()


def test_a_certificate_that_ends_within_a_month_is_told_until_there_is_another_one(root: Unit, els: Person) -> None:
    module = TrainingFactory.create(unit=root)
    certified(module, els, expires_at=timezone.now() + timedelta(days=31))
    assert told("certificate_ending") == set()
    ending = certified(module, els, expires_at=timezone.now() + timedelta(days=29))
    assert told("certificate_ending") == set(), "a later one takes its place"
    type(ending).objects.exclude(pk=ending.pk).delete()
    assert told("certificate_ending") == {"Els"}
    certified(module, els)
    assert told("certificate_ending") == set()
