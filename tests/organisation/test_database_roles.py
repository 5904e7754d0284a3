"""The application's role adds to the trail and reads it; whatever else it tries, PostgreSQL refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.signals import post_migrate
from pytest_django import Settings

from organisation import database_roles
from organisation.actions import change_language, seal
from organisation.models import AuditEvent, AuditLeaf, Person
from tests.factories.organisation import PersonFactory
from tests.thorough import thorough_pairs

pytestmark = pytest.mark.django_db
ROLE = "parvis_app"  # the throwaway server has it already
TABLES = ["organisation_auditevent", "organisation_auditleaf", "organisation_auditcheckpoint"]


@pytest.fixture
def person() -> Person:
    person = PersonFactory.create()
    change_language(person=person, language="nl")
    seal()
    return person


@pytest.fixture
def as_application(person: Person) -> Iterator[None]:
    """The connection works as the application's role, with what was granted and nothing else."""
    with connection.cursor() as cursor:
        database_roles.grant(cursor, ROLE)
        database_roles.grant(cursor, ROLE)  # a second time, as each migrate does
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refused(statement: str) -> None:
    expected = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
    with expected, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("table", "statement"),
    thorough_pairs(
        TABLES,
        [
            "UPDATE {} SET {column} = {column}",
            "DELETE FROM {}",
            "TRUNCATE {}",
            "ALTER TABLE {} DISABLE TRIGGER ALL",
            "DROP TRIGGER append_only ON {}",
            "CREATE TRIGGER mine BEFORE INSERT ON {} FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "DROP TABLE {}",
            "ALTER TABLE {} OWNER TO CURRENT_USER",
            "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
        ],
    ),
)
@pytest.mark.usefixtures("as_application")
def test_it_cannot_change_the_trail(table: str, statement: str) -> None:
    column = {"organisation_auditevent": "verb", "organisation_auditleaf": "hash"}.get(table, "document")
    refused(statement.format(table, column=column))


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SELECT setval('organisation_auditevent_sequence_seq', 1)",
        "CREATE OR REPLACE FUNCTION organisation_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW; END $$",
        "CREATE TABLE mine (one integer)",
        "UPDATE django_migrations SET name = name",
    ],
)
@pytest.mark.usefixtures("as_application")
def test_it_cannot_get_around_what_guards_the_trail(statement: str) -> None:
    refused(statement)


@pytest.mark.usefixtures("as_application")
def test_it_works_as_before_and_can_forge_nothing(person: Person) -> None:
    change_language(person=person, language="fr")
    assert seal() == 1
    assert AuditEvent.objects.count() == AuditLeaf.objects.count() == 2
    Person.objects.filter(pk=person.pk).update(name="Bo")
    with connection.cursor() as cursor:
        assert list(database_roles.powers(cursor)) == []


@pytest.mark.parametrize("number", [10**12, 2, -5])
@pytest.mark.usefixtures("as_application")
def test_it_does_not_choose_the_number_of_an_event(person: Person, number: int) -> None:
    """By a sequence of the same name among what is its own for a session: PostgreSQL looks there first. A number far
    ahead would have had every later event taken for one that was slipped in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(sequence) FROM organisation_auditevent")
        (last,) = cursor.fetchone()
        start = f"MINVALUE -9 START {number}"
        cursor.execute(f"CREATE TEMPORARY SEQUENCE organisation_auditevent_sequence_seq {start} CACHE 1")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        change_language(person=person, language="fr")
        cursor.execute("DROP SEQUENCE pg_temp.organisation_auditevent_sequence_seq")
        cursor.execute("SELECT max(sequence) FROM organisation_auditevent")
        assert cursor.fetchone() == (last + 1,)


@pytest.mark.usefixtures("as_application")
def test_it_keeps_no_event_from_its_seal(person: Person) -> None:
    """By a leaf of its own at a place before all others, where the sealer would not have missed one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(sequence) + 1 FROM organisation_auditevent")
        (following,) = cursor.fetchone()
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("INSERT INTO organisation_auditleaf VALUES (-1, %s, '')", [following])
    change_language(person=person, language="fr")
    assert seal() == 1


def test_a_table_of_a_later_migration_is_granted_too(as_application: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("CREATE TABLE later (one integer)")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute("INSERT INTO later VALUES (1)")
        cursor.execute("SELECT * FROM later")
        assert cursor.fetchall() == [(1,)]


def test_every_migrate_grants(settings: Settings, person: Person) -> None:
    settings.APPLICATION_ROLE = ROLE
    with connection.cursor() as cursor:
        database_roles.grant(cursor, ROLE)
        cursor.execute(f"REVOKE ALL ON organisation_person FROM {ROLE}")
        config = apps.get_app_config("organisation")
        post_migrate.send(sender=config, app_config=config, verbosity=0, interactive=False, using="default")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    Person.objects.filter(pk=person.pk).update(name="Bo")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_owner_is_told_that_it_could_forge(settings: Settings) -> None:
    """As whom the tests themselves work: an owner or a superuser."""
    found = database_roles.role_cannot_forge(databases=["default"])
    assert found
    assert all("Parvis works as" in one.msg for one in found)
    assert database_roles.role_cannot_forge() == []  # without --database nothing is asked


def test_one_role_for_both_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (me,) = cursor.fetchone()
        with pytest.raises(ImproperlyConfigured, match="they need two"):
            database_roles.grant(cursor, me)
