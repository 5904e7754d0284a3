"""The inbox of a service with very many conversations, beside the same page at a thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db import connection
from django.test import Client

from benchmarks.figures import Figure, Section, percentile
from benchmarks.service import Service
from tests.factories.organisation import UnitFactory

UNITS, ACCOUNTS = 10, 50
LISTS = {"open": "", "all": "?show=all", "closed": "?show=closed", "a category": "?show=all&category=press"}
FEW = 1_000
AT_ONCE = 1_000_000  # in one transaction: the server keeps in mind what it has to check at the end of it

# One conversation in fifty waits for somebody; all came within the past two years, each with one message.
# (A moment that did not name `n` would be one for all.)
CONVERSATIONS = """
INSERT INTO conversations_conversation (unit_id, account_id, root_id, author_id, author_handle, author_name, language,
    state, category, clock_started_at, deadline, answered_at, last_mention_at, received_at)
SELECT account.unit_id, account.id, 'root-' || n, 'citizen-' || n, 'citizen' || n, 'Citizen ' || n, 'fr',
    CASE WHEN n %% 50 = 0 THEN 'new' WHEN n %% 3 = 0 THEN 'closed' ELSE 'answered' END,
    CASE WHEN n %% 20 = 0 THEN 'press' ELSE 'question' END, at, at + interval '1 day', at + interval '1 hour', at, at
FROM generate_series(%s, %s) AS n
CROSS JOIN LATERAL (SELECT now() - interval '730 days' * random() + n * interval '0' AS at) AS moment
JOIN (SELECT id, unit_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
      FROM accounts_registry_account WHERE unit_id = ANY(%s)) AS account ON account.place = n %% account.many
"""


def measure(*, small: bool) -> Section:
    sizes = (FEW, 20_000, 100_000) if small else (FEW, 100_000, 1_000_000)
    words = (
        f"{UNITS} units, {ACCOUNTS} accounts; one conversation in fifty is open. The limit is the same page with "
        f"{FEW:,} conversations, in the same run."
    )
    return Section("Inbox", words, list(growing(sizes, "≤ 3 ×")))


def growing(sizes: Sequence[int], aim: str) -> Iterator[Figure]:
    """Each list at each of `sizes`; the first of them is the limit."""
    service = Service(accounts=0)
    units = [service.unit, *(UnitFactory.create(parent=service.unit) for _each in range(UNITS - 1))]
    for unit in units:
        service.open_accounts(ACCOUNTS // UNITS, unit)
    browser, have = service.browser("conversation_manager"), 0
    told: dict[str, float] = {}
    for many in sizes:
        for first in range(have, many, AT_ONCE):
            fill(first + 1, min(first + AT_ONCE, many), [unit.pk for unit in units])
        have = many
        for name, query in LISTS.items():
            took = percentile(reading(browser, f"/inbox/{query}"), 95)
            told.setdefault(name, took)
            if many > sizes[0]:
                yield Figure(f"{name}, {many:,} conversations, p95", took, "ms", told[name], aim)


def reading(browser: Client, address: str) -> Callable[[], object]:
    return lambda: browser.get(address)


def fill(first: int, last: int, units: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CONVERSATIONS, [first, last, units])
        cursor.execute("VACUUM ANALYZE conversations_conversation")  # as the server does by itself, some time later
