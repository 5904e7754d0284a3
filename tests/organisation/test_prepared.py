"""A prepared query finds what the queryset that it was made from would find now, on whichever connection."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField

from organisation.models import Person, Unit
from organisation.prepared import Prepared, Slot, numbers, paths
from tests.factories.organisation import PersonFactory, UnitFactory

BY_NAME = {"name": Slot("name", CharField()), "language": "en"}


@pytest.mark.django_db
def test_each_call_brings_its_own_values() -> None:
    ann, bea = PersonFactory.create(name="Ann"), PersonFactory.create(name="Bea's")
    named = Prepared(Person.objects.filter(**BY_NAME).select_related("unit"))
    assert [named(name="Ann"), named(name="Bea's"), named(name="Cas")] == [[ann], [bea], []]
    (found,) = named(name="Ann")
    with connection.execute_wrapper(refuse):
        assert found.unit == ann.unit
    Person.objects.update(language="fr")
    assert named(name="Ann") == [], "it is asked each time"


def refuse(*_asked: object) -> None:
    raise AssertionError("nothing more is asked")


@pytest.mark.django_db
def test_ids_behind_in_are_any_number_of_them() -> None:
    people = [PersonFactory.create() for _each in range(3)]
    some = Prepared(Person.objects.filter(pk__in=Slot("some", BigIntegerField())).values_list("pk", flat=True))
    others = Prepared(Person.objects.exclude(pk__in=Slot("some", BigIntegerField())).values_list("pk", flat=True))
    keys = [one.pk for one in people]
    for count in (3, 2, 0):
        assert sorted(some(some=numbers(keys[:count]))) == keys[:count]
        assert sorted(others(some=numbers(keys[:count]))) == keys[count:]
    with pytest.raises(ValueError, match="invalid literal"):
        numbers(["1) OR (1=1"])  # type: ignore[list-item]


@pytest.mark.django_db
def test_paths_of_units_are_nothing_else() -> None:
    here, below = UnitFactory.create(), UnitFactory.create()
    there = Prepared(Unit.objects.filter(path__in=Slot("paths", CharField())).order_by("path"))
    assert there(paths=paths([below.path, here.path, below.path])) == [here, below]
    assert there(paths=paths([])) == []
    with pytest.raises(ValueError, match="no unit's path"):
        paths(["0001", "') OR ('1'='1"])


@pytest.mark.django_db(transaction=True)
def test_a_thread_asks_over_its_own_connection() -> None:
    named = Prepared(Person.objects.filter(**BY_NAME))
    assert named(name="Ann") == []
    found: list[Person] = []
    ours = connection.connection

    def ask() -> None:
        try:
            found.extend(named(name="Ann"))
            assert connection.connection is not ours
        finally:
            connection.close()

    PersonFactory.create(name="Ann")
    ours.close()  # whoever used it in that thread would fail
    connection.close()
    thread = Thread(target=ask)
    thread.start()
    thread.join(20)
    assert [one.name for one in found] == ["Ann"]
