"""What is built once for a reader is asked anew each time, and built anew when their rights are others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from organisation.enums import GovernanceModel, Permission
from organisation.models import Person, Unit
from organisation.queries import for_each_reader, within
from organisation.queries.units import rights_of
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
BUILT: list[int] = []


@for_each_reader
def slugs(person: Person) -> QuerySet[Unit, Any]:
    BUILT.append(person.pk)
    seen = Unit.objects.filter(within(person, Permission.ACCOUNT_VIEW, field=""))
    return seen.order_by("path").values_list("slug", flat=True)


def again(person: Person) -> Person:
    """As the next request loads them."""
    return Person.objects.get(pk=person.pk)


def test_it_is_built_once_and_asked_each_time(django_assert_num_queries: Any) -> None:
    unit = UnitFactory.create()
    person = person_with("communication_cell", unit)
    assert slugs(person) == [unit.slug]
    below = UnitFactory.create(parent=unit)
    reader = again(person)
    with django_assert_num_queries(2):  # grants, and the question
        assert slugs(reader) == [unit.slug, below.slug]
    assert BUILT.count(person.pk) == 1


def test_who_is_given_or_loses_a_right_is_asked_for_anew() -> None:
    here, there = UnitFactory.create(), UnitFactory.create()
    person = person_with("communication_cell", here)
    other = person_with("communication_cell", here)
    assert slugs(person) == slugs(other) == [here.slug]
    grant = GrantFactory.create(person=person, role="communication_cell", unit=there)
    assert sorted(slugs(again(person))) == sorted([here.slug, there.slug])
    assert slugs(again(other)) == [here.slug]
    type(grant).objects.filter(person=person).delete()
    assert slugs(again(person)) == []
    Person.objects.filter(pk=other.pk).update(is_active=False)
    assert slugs(again(other)) == []
    assert slugs(PersonFactory.create()) == [], "nothing can be found, and nobody is asked"


def test_another_governance_of_the_services_is_another_right() -> None:
    root = UnitFactory.create(governance_model=GovernanceModel.AUTONOMY)
    mine, theirs = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    person = person_with("communication_cell", mine)
    assert slugs(person) == [mine.slug]
    Unit.objects.filter(pk=root.pk).update(governance_model=GovernanceModel.HUB_AND_SPOKE)
    assert slugs(again(person)) == [root.slug, mine.slug, theirs.slug]
    assert rights_of(again(person)) == rights_of(again(person))
