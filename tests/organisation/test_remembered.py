"""What is built once for a reader is asked anew each time, and built anew when their rights are others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from organisation.actions.units import update_unit
from organisation.enums import GovernanceModel, Permission
from organisation.models import Person, Unit
from organisation.policy import allows
from organisation.queries import for_each_reader, within
from organisation.queries.units import Area, areas, rights_of
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
BUILT: list[int] = []
SEEN = (Permission.POST_VIEW, Permission.ACCOUNT_VIEW)


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


def test_how_services_are_governed_is_read_once_a_person(django_assert_num_queries: Any) -> None:
    root = UnitFactory.create(governance_model=GovernanceModel.HUB_AND_SPOKE)
    mine, theirs = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    reader = again(person_with("communication_cell", mine))
    with django_assert_num_queries(2):  # grants, and the models around them
        assert [allows(reader, permission, theirs) for permission in SEEN] == [True, True]
        assert not allows(reader, Permission.POST_WRITE, theirs)


def test_who_governs_anew_goes_on_by_the_new_model() -> None:
    root = UnitFactory.create(governance_model=GovernanceModel.HUB_AND_SPOKE)
    mine, theirs = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    person = person_with("administrator", root)
    GrantFactory.create(person=person, role="administrator", unit=mine)
    reader = person_with("administrator", mine)
    assert areas(person, Permission.ACCOUNT_VIEW) == [Area(root.path)]
    assert areas(reader, Permission.ACCOUNT_VIEW) == [Area(root.path)]
    update_unit(unit=root, by=person, governance_model=GovernanceModel.AUTONOMY)
    assert person.models_around is None
    assert not allows(again(reader), Permission.ACCOUNT_VIEW, theirs)
