"""Django's cache in the database: one for all processes, on whatever machine, and atomic where it counts.

The framework's own database cache counts all rows at each write, throws rows away when there are many (so a flood would
wipe the counters that are there against it), and adds in two steps. This one does each in one statement, by the
database's clock, and keeps JSON, never pickles.
"""

from __future__ import annotations

import json
import secrets
from typing import Any, cast

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

_LIVES = "(until IS NULL OR until > clock_timestamp())"
_LIVES_THERE = (
    "(organisation_shared.until IS NULL OR organisation_shared.until > clock_timestamp())"  # beside a new row
)
_UNTIL = "clock_timestamp() + make_interval(secs => %s)"
# The conditions above are all that is ever put into a statement; keys and values are parameters.
PURGE_ONE_IN = 200  # writes; each purge takes at most PURGED rows along
PURGED = 1000


class SharedCache(BaseCache):
    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """False where the key is alive already; of several at once, one gets True."""
        return self._insert(f"WHERE NOT {_LIVES_THERE}", key, value, timeout, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._insert("", key, value, timeout, version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._ask("SELECT value FROM organisation_shared WHERE key = %s AND " + _LIVES, key, version)  # noqa: S608
        return default if found is None else _read(found[0])

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        seconds = self._seconds(timeout)
        sql = f"UPDATE organisation_shared SET until = {_UNTIL} WHERE key = %s AND {_LIVES} RETURNING 1"  # noqa: S608
        return self._ask(sql, key, version, seconds) is not None

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask("DELETE FROM organisation_shared WHERE key = %s RETURNING 1", key, version) is not None

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        sql = f"""UPDATE organisation_shared SET value = to_jsonb((value #>> '{{}}')::bigint + %s)
            WHERE key = %s AND {_LIVES} RETURNING value"""  # noqa: S608
        found = self._ask(sql, key, version, delta)
        if found is None:
            raise ValueError(f"Key '{key}' not found")
        return int(_read(found[0]))

    def count(self, key: str, seconds: float) -> int:
        """One more: how many there are since the first of them, which `seconds` later are forgotten together."""
        made = self.make_and_validate_key(key)
        dead = f"NOT {_LIVES_THERE}"
        sql = f"""INSERT INTO organisation_shared (key, value, until) VALUES (%s, '1', {_UNTIL})
            ON CONFLICT (key) DO UPDATE SET
                value = CASE WHEN {dead} THEN '1'
                    ELSE to_jsonb((organisation_shared.value #>> '{{}}')::bigint + 1) END,
                until = CASE WHEN {dead} THEN EXCLUDED.until ELSE organisation_shared.until END
            RETURNING value"""  # noqa: S608
        self._purge_now_and_then()
        with connection.cursor() as cursor:
            cursor.execute(sql, [made, seconds])
            return int(_read(cursor.fetchone()[0]))

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM organisation_shared")

    def _insert(self, condition: str, key: str, value: Any, timeout: Any, version: int | None) -> bool:
        made = self.make_and_validate_key(key, version=version)
        sql = f"""INSERT INTO organisation_shared (key, value, until) VALUES (%s, %s, {_UNTIL})
            ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, until = EXCLUDED.until {condition}
            RETURNING 1"""  # noqa: S608
        self._purge_now_and_then()
        with connection.cursor() as cursor:
            cursor.execute(sql, [made, json.dumps(value), self._seconds(timeout)])
            return cursor.fetchone() is not None

    def _ask(self, sql: str, key: str, version: int | None, *first: Any) -> tuple[Any, ...] | None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*first, self.make_and_validate_key(key, version=version)])
            found: tuple[Any, ...] | None = cursor.fetchone()
            return found

    def _seconds(self, timeout: Any) -> float | None:
        """None is for ever: a moment plus NULL is NULL."""
        return self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout

    def _purge_now_and_then(self) -> None:
        if secrets.randbelow(PURGE_ONE_IN) == 0:
            self.purge()

    def purge(self) -> None:
        """Deletes what is over. What another process holds is passed over."""
        with connection.cursor() as cursor:
            cursor.execute(
                """DELETE FROM organisation_shared WHERE key IN (SELECT key FROM organisation_shared
                WHERE until <= clock_timestamp() LIMIT %s FOR UPDATE SKIP LOCKED)""",
                [PURGED],
            )


def shared() -> SharedCache:
    """The one cache that there is, as what it is: it can also `count`."""
    return cast("SharedCache", cache)


def _read(stored: str) -> Any:
    """Django asks its driver to leave JSON as text."""
    return json.loads(stored)
