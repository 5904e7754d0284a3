"""What the server keeps finds what the query itself finds, where, when and for whom it is asked."""

from __future__ import annotations

from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.models import BigIntegerField, CharField
from django.test.utils import CaptureQueriesContext

from organisation import kept_statements
from organisation.kept_statements import by_the_server
from organisation.models import Person, Unit
from organisation.prepared import Prepared, Slot, numbers, paths
from tests.factories.organisation import PersonFactory, UnitFactory


def named(**more: Any) -> Prepared[Person, Person]:
    return Prepared(Person.objects.filter(name=Slot("name", CharField()), **more).select_related("unit"))


def asked(query: Prepared[Any, Any], **values: Any) -> tuple[list[Any], str]:
    """What it finds, and the words of its question."""
    with CaptureQueriesContext(connection) as told:
        found = query(**values)
    (only,) = told.captured_queries
    return found, only["sql"]


@pytest.mark.django_db
def test_within_the_block_the_server_runs_what_it_keeps_and_each_call_brings_its_own_values() -> None:
    ann, bea = PersonFactory.create(name="Ann"), PersonFactory.create(name="B%s's \\ $1")
    query = named(language="en")
    assert asked(query, name="Ann")[1].startswith("SELECT")
    with by_the_server():
        for name, whom in [("Ann", [ann]), ("B%s's \\ $1", [bea]), ("'; --", [])] * 4:
            found, words = asked(query, name=name)
            assert found == whom
            assert words.startswith("EXECUTE parvis_")
        Person.objects.update(language="fr")
        assert query(name="Ann") == [], "it is asked each time"
    assert asked(query, name="Ann")[1].startswith("SELECT")


@pytest.mark.django_db
def test_what_stands_in_the_query_for_good_is_the_same_in_the_server() -> None:
    odd = "50 % of 'it' \\ $1 %s"
    person = PersonFactory.create(name=odd)
    called = Prepared(Person.objects.filter(name=odd, pk=Slot("pk", BigIntegerField())))
    half = Prepared(Person.objects.filter(name__contains="0 % of 'it' \\"))
    with by_the_server():
        assert called(pk=person.pk) == half() == [person]
        assert called(pk=person.pk + 1) == []


@pytest.mark.django_db
def test_several_values_in_one_slot_are_asked_as_ever() -> None:
    people = [PersonFactory.create() for _each in range(3)]
    some = Prepared(Person.objects.filter(pk__in=Slot("some", BigIntegerField())).order_by("pk"))
    below = Prepared(Unit.objects.filter(path__in=Slot("paths", CharField())))
    with by_the_server():
        for few in (people, people[:1], []):
            found, words = asked(some, some=numbers(one.pk for one in few))
            assert found == few
            assert words.startswith("SELECT" if len(few) > 1 else "EXECUTE")
        assert below(paths=paths([people[0].unit.path])) == [people[0].unit]
        assert below(paths=paths([])) == []


@pytest.mark.django_db(transaction=True)
def test_each_connection_has_its_own_and_a_new_one_begins_anew() -> None:
    ann = PersonFactory.create(name="Ann")
    query = named()
    found: list[tuple[list[Person], str]] = []

    def ask() -> None:
        with by_the_server():
            for _connection in range(2):
                found.extend(asked(query, name="Ann") for _again in range(2))
                connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join(20)
    assert [people for people, _words in found] == [[ann]] * 4
    assert all(words.startswith("EXECUTE") for _people, words in found)


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_undoes_the_server_keeps_all_the_same() -> None:
    query = named()
    with by_the_server():
        with transaction.atomic():
            PersonFactory.create(name="Ann")
            assert len(query(name="Ann")) == 1
            transaction.set_rollback(True)
        assert query(name="Ann") == []


@pytest.mark.django_db
def test_behind_a_pooler_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next statement may be another server's."""
    PersonFactory.create(name="Ann")
    query = named()
    monkeypatch.setattr(kept_statements, "_is_the_server_itself", lambda *_asked: False)
    monkeypatch.setattr(kept_statements, "_kept", {})
    with by_the_server():
        found, words = asked(query, name="Ann")
    assert len(found) == 1
    assert words.startswith("SELECT")


def test_a_pooler_is_told_by_the_process_that_answers() -> None:
    def answering(pid: int) -> Any:
        return SimpleNamespace(execute=lambda _sql: None, fetchone=lambda: (pid,))

    raw: Any = SimpleNamespace(info=SimpleNamespace(backend_pid=7))
    assert kept_statements._is_the_server_itself(raw, answering(7))
    assert not kept_statements._is_the_server_itself(raw, answering(8))


@pytest.mark.django_db
def test_an_error_of_the_server_is_djangos() -> None:
    """So that whoever writes again after a lost connection knows it."""
    query = named()
    with by_the_server(), connection.connection.cursor() as raw:
        raw.execute("SAVEPOINT before")
        with pytest.raises(Exception, match="division by zero"):
            raw.execute("SELECT 1 / 0")
        with pytest.raises(InternalError, match="current transaction is aborted"):
            query(name="Ann")
        raw.execute("ROLLBACK TO before")


@pytest.mark.django_db
def test_after_some_calls_one_plan_serves_all_values_and_reads_the_index() -> None:
    unit = UnitFactory.create()
    Person.objects.bulk_create(
        [Person(name="Many", email=f"m{number}@example.org", unit=unit, language="fr") for number in range(3_000)]
    )
    query = Prepared(Person.objects.filter(pk=Slot("pk", BigIntegerField()), is_active=True))
    with connection.cursor() as cursor, by_the_server():
        cursor.execute("ANALYZE organisation_person")
        keys = list(Person.objects.values_list("pk", flat=True)[:8])
        for pk in keys:
            words = asked(query, pk=pk)[1]
        name = words.split()[1]
        cursor.execute("SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE name = %s", [name])
        assert cursor.fetchall() == [(5, 3)]
        cursor.execute(f"EXPLAIN EXECUTE {name} (1)")
        assert "Index Scan" in str(cursor.fetchall())
