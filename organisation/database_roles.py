"""The role that Parvis works as: it reads and writes rows, owns nothing, and can only add to the audit trail.

Granted after each `migrate` by the role that owns the tables (PARVIS_MIGRATION_DATABASE_URL), so that a table of a
later migration is granted too. Doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.backends.utils import CursorWrapper

ROWS = "SELECT, INSERT, UPDATE, DELETE"


def append_only_tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]


def grant_after_migration(*, using: str, **_told: Any) -> None:
    """Django's word that all migrations are done. Nothing to do where one role does both, as in tests."""
    if settings.APPLICATION_ROLE:
        with connections[using].cursor() as cursor:
            grant(cursor, settings.APPLICATION_ROLE, settings.APPLICATION_PASSWORD)


def grant(cursor: CursorWrapper, role: str, password: str = "") -> None:
    """Makes `role` where it is missing and may be made; gives it what it needs, and takes what it must not have."""
    quoted = connections["default"].ops.quote_name
    name = quoted(role)
    cursor.execute("SELECT current_user = %s, current_schema(), current_database()", [role])
    same, schema, database = cursor.fetchone()
    if same:
        raise ImproperlyConfigured("DATABASE_URL and PARVIS_MIGRATION_DATABASE_URL name one role; they need two.")
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        try:
            cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD %s", [password or None])
        except DatabaseError as error:
            raise ImproperlyConfigured(f"Make the role {role}: this one may not ({error}).") from error
    place = quoted(schema)
    statements = [
        f"GRANT CONNECT ON DATABASE {quoted(database)} TO {name}",
        f"REVOKE CREATE ON SCHEMA {place} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {place} TO {name}",
        f"GRANT {ROWS} ON ALL TABLES IN SCHEMA {place} TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {place} TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {place} GRANT {ROWS} ON TABLES TO {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {place} GRANT USAGE, SELECT ON SEQUENCES TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}",
    ]
    for table in append_only_tables():
        statements.append(f"REVOKE ALL ON {quoted(table)} FROM {name}")
        statements.append(f"GRANT SELECT, INSERT ON {quoted(table)} TO {name}")
    for statement in statements:
        cursor.execute(statement)


@register(Tags.database, deploy=True)
def role_cannot_forge(
    app_configs: Sequence[Any] | None = None, databases: Sequence[str] | None = None, **_told: Any
) -> list[CheckMessage]:
    """`manage.py check --deploy --database default`: what the application's role could do to the audit trail."""
    if "default" not in (databases or []) or settings.APPLICATION_ROLE:
        return []
    with connections["default"].cursor() as cursor:
        hint = "docs/production.md, “Two roles”, says how the application gets one that cannot."
        return [Error(sentence, hint=hint, id="organisation.E002") for sentence in powers(cursor)]


def powers(cursor: CursorWrapper) -> Iterator[str]:
    """In sentences, all by which this connection's role could change the trail."""
    cursor.execute("SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    role, is_superuser, makes_roles = cursor.fetchone()
    if is_superuser:
        yield f"Parvis works as {role}, a superuser of the database: it could change the audit trail."
        return
    if makes_roles:
        yield f"Parvis works as {role}, who makes roles: it could become one that changes the audit trail."
    cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    if cursor.fetchone()[0]:
        yield f"Parvis works as {role}, who may set the audit trail's triggers aside."
    for table in append_only_tables():
        cursor.execute(
            "SELECT pg_has_role(relowner, 'MEMBER'), has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')"
            " FROM pg_class WHERE oid = to_regclass(%s)",
            [table],
        )
        found = cursor.fetchone()
        if found is None:
            yield f"The table {table} is not there: run manage.py migrate."
        elif found[0]:
            yield f"Parvis works as {role}, who owns {table}: it could take its triggers away."
        elif found[1]:
            yield f"Parvis works as {role}, who may change rows of {table}."
