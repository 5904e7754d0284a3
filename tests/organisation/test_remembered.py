"""What is built once for a reader is asked anew each time, and built anew when their rights are others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import DateTimeField, Prefetch, QuerySet
from django.utils import timezone

from organisation.actions.units import update_unit
from organisation.enums import GovernanceModel, Permission
from organisation.models import Person, Unit
from organisation.policy import allows
from organisation.prepared import Prepared, Slot
from organisation.queries import for_each_reader, remembered, within
from organisation.queries.units import Area, areas, rights_of
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
BUILT: list[int] = []
SEEN = (Permission.POST_VIEW, Permission.ACCOUNT_VIEW)


@for_each_reader
def slugs(person: Person) -> QuerySet[Unit, Any]:
    BUILT.append(person.unit_id)
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
    assert BUILT.count(unit.pk) == 1
    assert slugs(person_with("communication_cell", unit)) == [unit.slug, below.slug]
    assert BUILT.count(unit.pk) == 1, "whoever may the same asks the same"


def test_what_another_thread_clears_meanwhile_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four threads ask one process; a question that is thrown away while it is looked for is still answered."""
    monkeypatch.setattr(remembered, "KEPT", 1)
    person = person_with("communication_cell", UnitFactory.create())
    looked: list[str] = []

    class Narrowing:
        """Whenever it is looked for a second time, somebody else has asked in between."""

        def __hash__(self) -> int:
            looked.append("")
            if len(looked) == 2:
                ask(person, object())
            return 1

    @for_each_reader
    def ask(person: Person, _narrowed: object) -> QuerySet[Unit, Any]:
        return Unit.objects.filter(pk=person.unit_id).values_list("slug", flat=True)

    narrowed = Narrowing()
    assert ask(person, narrowed) == [person.unit.slug]
    looked.clear()
    assert ask(person, narrowed) == [person.unit.slug]


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


@for_each_reader
def begins_with(person: Person, words: str) -> QuerySet[Unit, Any]:
    BUILT.append(person.unit_id)
    seen = Unit.objects.filter(within(person, Permission.ACCOUNT_VIEW, field=""), slug__startswith=words)
    return seen.order_by("path").values_list("slug", flat=True)


def test_each_way_to_narrow_is_built_once() -> None:
    unit = UnitFactory.create(slug="alpha")
    UnitFactory.create(slug="beta", parent=unit)
    person, other = person_with("communication_cell", unit), person_with("communication_cell", UnitFactory.create())
    for _each in range(2):
        assert [begins_with(person, words) for words in ("", "a", "b", "c")] == [
            ["alpha", "beta"],
            ["alpha"],
            ["beta"],
            [],
        ]
        assert begins_with(other, "b") == []
    assert BUILT.count(unit.pk) == 4


@for_each_reader
def colleagues(person: Person) -> QuerySet[Person, Any]:
    return Person.objects.filter(unit=person.unit_id, joined_at__gte=Slot("since", DateTimeField())).exclude(
        pk=person.pk
    )


def test_who_may_the_same_asks_for_themselves() -> None:
    unit, past = UnitFactory.create(), timezone.now() - timedelta(days=1)
    one, other = person_with("newcomer", unit), person_with("newcomer", unit)
    assert colleagues(one, since=past) == [other]
    assert colleagues(other, since=past) == [one]
    assert colleagues(other, since=timezone.now() + timedelta(days=1)) == []


def test_the_columns_are_kept_once() -> None:
    unit, other = UnitFactory.create(), UnitFactory.create()
    here = Prepared(Unit.objects.filter(pk=unit.pk))
    there = Prepared(Unit.objects.filter(pk=other.pk), like=here)
    assert there._compiler is here._compiler
    assert (here(), there()) == ([unit], [other])
    names = Prepared(Unit.objects.filter(pk=other.pk).values_list("slug", flat=True), like=here)  # type: ignore[arg-type]
    assert names() == [other.slug], "other columns are none of its"


@pytest.mark.parametrize(
    ("build", "refused"),
    [
        (lambda person: Person.objects.filter(name=person.name), Person.DoesNotExist),
        (lambda person: Person.objects.filter(name=f"{person.pk}"), ValueError),
        (
            lambda person: Unit.objects.prefetch_related(Prefetch("people", Person.objects.filter(pk=person.pk))),
            TypeError,
        ),
    ],
    ids=["what is not in their rights", "a key within a value", "conditions on what is prefetched"],
)
def test_what_would_be_one_readers_alone_is_refused(build: Any, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        for_each_reader(build)(person_with("newcomer", UnitFactory.create()))
