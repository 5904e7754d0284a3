"""Which rows an act locks, read from what it says to the database: quick where a race would take threads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_LOCKING = re.compile(
    r'^SELECT .*? FROM "(\w+)" .* FOR (?:NO KEY )?UPDATE\b( OF "\w+")?(?P<skip> SKIP LOCKED)?', re.DOTALL
)


@contextmanager
def locks_taken() -> Iterator[list[str]]:
    """The tables whose rows are locked inside, in order; "… skipping" where a row that another holds is passed over."""
    taken: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield taken
    for query in queries.captured_queries:
        if found := _LOCKING.match(query["sql"]):
            taken.append(found[1] + (" skipping" if found["skip"] else ""))
