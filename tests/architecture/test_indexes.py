"""No page reads a large table from end to end: what each asks is explained as if ten million rows were there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.queries import InboxFilter, inbox_page
from delivery.content import freeze
from delivery.queries import Message, repeats_of
from tests.architecture.access import TABLE
from tests.architecture.asking import path_of, visitor
from tests.architecture.rows import EVERYONE, GET, Row
from tests.architecture.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROWS, BELIEVED, MANY = 20_000, 10_000_000, 1_000_000
# Steps of a plan that give nothing before they have read all that is below them.
WAITING = {"Sort", "Hash", "Aggregate", "Materialize", "Bitmap Heap Scan"}
# How people narrow the lists.
NARROWED = {
    "conversations:inbox": [
        *({"show": show} for show in ("mine", "unassigned", "overdue", "answered", "closed", "all")),
        {"show": "all", "category": "press"},
        {"show": "closed", "category": "none"},
        {"show": "all", "q": "word17 merci"},
        {"show": "all", "q": "word17", "reach": "all"},
        {"page": "next:2026-01-01T00:00:00+00:00:1"},
    ],
    "organisation:audit": [{"page": "next::7"}, {"what": "post.edited"}, {"since": "2026-01-01"}, {"who": "Cole"}],
    "search": [{"q": "word17 merci"}],
    "monitoring:entry_list": [{"page": "next:2026-01-01T00:00:00+00:00:1"}, {"q": "word17 merci"}],
    "publishing:post_list": [
        *({"state": state} for state in ("draft", "in_review", "scheduled")),
        {"words": "word17 merci"},
        {"page": "next:2026-01-01T00:00:00+00:00:1"},
    ],
}
# What fills each; `n` counts. Rows that they point to need not be there: keys are not looked at while they are filled.
LARGE = {
    "conversations_conversation": """
        (unit_id, account_id, root_id, author_id, author_handle, author_name, language, state, category,
         clock_started_at, deadline, answered_at, last_mention_at, received_at)
        SELECT {unit}, {account}, 'root-' || n, 'citizen-' || n, 'citizen' || n, 'Citizen ' || n, 'fr',
            CASE WHEN n % 50 = 0 THEN 'new' WHEN n % 3 = 0 THEN 'closed' ELSE 'answered' END,
            CASE WHEN n % 20 = 0 THEN 'press' ELSE 'question' END, {at}, {at}, {at}, {at}, {at}""",
    "monitoring_item": """
        (network, server, remote_id, cid, url, title, text, language, audience, warning, attachments, choices,
         parent_id, root_id, root_url, root_cid, sent_at, received_at)
        SELECT 'mastodon', 'https://one.example', 'id-' || n, '', '', '', 'Words number ' || n, 'fr', 'public', '',
            '[]', '[]', '', 'root-' || n, '', '', {at}, {at}""",
    "monitoring_mention": """
        (item_id, account_id, kind, filtered, sent_at, received_at, check_at, purge_after)
        SELECT n + 50000000, {account}, 'mention', false, {at}, {at}, {at} + interval '60 days',
            {at} + interval '30 days'""",
    "monitoring_entry": """
        (item_id, source_id, published_at, first_seen_at, purge_after, words)
        SELECT n + 50000000, {source}, {at}, {at}, {at} + interval '30 days',
            array_to_tsvector(ARRAY['word' || n, 'merci'])""",
    "conversations_inboundmessage": """
        (mention_id, conversation_id, sent_at, words)
        SELECT n + 50000000, (n / 3) + 50000000, {at}, array_to_tsvector(ARRAY['word' || n, 'merci'])""",
    "conversations_answer": """
        (conversation_id, mention_id, text, language, content_hash, author_id, written_at, asked_at, due_at, words)
        SELECT n + 50000000, n + 50000000, 'Yes, ' || n, 'fr', repeat('0', 64), {person}, {at}, {at}, {at},
            array_to_tsvector(ARRAY['word' || n, 'merci'])""",
    "delivery_delivery": """
        (origin_kind, origin_id, content, content_hash, state, due_at, not_before, created_at, key, tries, epoch,
         problem_code, problem_detail, remote_id, remote_url, remote_cid, published_at, account_id, scheduled_by_id,
         unit_id, message_unit_id, lacks, is_reply, likeness)
        SELECT 'post_variant', n + 50000000, '{{}}', '', 'published', {at}, {at}, {at}, gen_random_uuid()::text, 1, 1,
            '', '', 'r' || n, '', '', {at}, {account}, {person}, {unit}, {unit}, '[]', false, md5(n::text)""",
    "delivery_attempt": """
        (delivery_id, epoch, started_at, finished_at, outcome, detail)
        SELECT n + 50000000, 1, {at}, {at}, 'published', ''""",
    "publishing_post": """
        (title, core_text, language, link, ad_hoc, wall_time, zone, fold, due_at, state, version, created_at,
         changed_at, words, author_id, unit_id)
        SELECT 'Title ' || n, 'Text ' || n, 'fr', '', false, {at}::timestamp, 'Europe/Brussels', 0, {at},
            CASE n % 100 WHEN 0 THEN 'draft' WHEN 1 THEN 'withdrawn' WHEN 2 THEN 'in_review' ELSE 'scheduled' END, 1,
            {at}, {at}, array_to_tsvector(ARRAY['word' || n, 'merci']), {person}, {unit}""",
    "publishing_variant": """
        (post_id, account_id, language, text, link, title)
        SELECT n + 50000000, {account}, 'fr', '', '', ''""",
    "organisation_auditevent": """
        (sequence, occurred_at, actor_id, actor_name, verb, noun, object_id, unit_id, details)
        SELECT n + 50000000, {at}, {person}, 'Somebody', 'post.edited', 'post', n + 50000000, {unit}, '{{}}'""",
    "approvals_request": """
        (kind, subject_id, state, at, content, content_hash, remark, by_id, unit_id)
        SELECT 'post', n + 50000000, 'cleared', {at}, '{{}}', '', '', {person}, {unit}""",
    "approvals_decision": """
        (outcome, at, void_reason, by_id, request_id)
        SELECT 'approved', {at}, '', {person}, n + 50000000""",
}


@pytest.fixture(scope="module")
def full(world: World) -> World:
    """The world with `ROWS` more of everything that grows; the planner believes them to be `BELIEVED`."""
    told = {
        "unit": f"(ARRAY[{world.here.pk}, {world.elsewhere.pk}])[1 + n % 2]",
        "account": f"(ARRAY[{world.account().pk}, {world.account().pk}])[1 + n % 2]",
        "source": str(world.address_of("source")["pk"]),
        "person": str(world.colleague().pk),
        "at": "(now() - interval '2 years' * n / 20000)",
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, insert in LARGE.items():
            cursor.execute(f"INSERT INTO {table} {insert.format(**told)} FROM generate_series(1, {ROWS}) AS n")
            cursor.execute(f"ANALYZE {table}")
            believe(cursor, table)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return world


def believe(cursor: Any, table: str) -> None:
    """From PostgreSQL 18 on the owner of a table may set what the planner believes of it; before, a superuser."""
    if connection.pg_version >= 180000:
        told = "'schemaname', current_schema()::text, 'relname', %s::text, 'reltuples', %s::real"
        cursor.execute(f"SELECT pg_restore_relation_stats({told})", [table, BELIEVED])
    else:
        cursor.execute("UPDATE pg_class SET reltuples = %s WHERE oid = %s::regclass", [BELIEVED, table])


def read_whole(sql: str) -> Iterator[str]:
    """What the server would read of large tables, from end to end or in very many rows before it gives the first."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    steps = [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
    while steps:
        step = steps.pop()
        below = step.get("Plans", [])
        steps += below
        if step["Node Type"] == "Seq Scan" and step["Relation Name"] in LARGE:
            yield f"all of {step['Relation Name']}"
        if step["Node Type"] in WAITING and sum(one["Plan Rows"] for one in below) > MANY:
            yield f"{step['Node Type']} of very many"


def asked_by(row: Row, told: dict[str, str]) -> Any:
    return pytest.param(row, told, id=f"{row} {urlencode(told)}".strip())


@pytest.mark.parametrize(
    ("row", "told"),
    [asked_by(row, told) for row in TABLE if row.method == GET for told in [{}, *NARROWED.get(row.url, [])]],
)
def test_no_page_reads_a_large_table_from_end_to_end(row: Row, told: dict[str, str], full: World) -> None:
    insider = full.insiders[min(row.may & EVERYONE, default="auditor")]
    with CaptureQueriesContext(connection) as asked:
        response: Any = visitor(full, insider).get(path_of(row, full), told)
    if response.streaming:
        b"".join(response.streaming_content)
    found = {}
    for one in asked.captured_queries:
        if one["sql"].startswith("SELECT"):
            found |= dict.fromkeys(read_whole(one["sql"]), one["sql"])
    assert found == {}


@pytest.mark.parametrize("category", ["press", "complaint", "none"])
def test_a_category_stands_in_an_index_of_its_own(category: str, full: World) -> None:
    """Whoever looks for few among very many reads those few: not all that came since the thirtieth of them."""
    person = full.colleague("conversation_manager")
    with CaptureQueriesContext(connection) as asked:
        inbox_page(person, InboxFilter(show="all", category=category))
    reading = [one["sql"] for one in asked.captured_queries if '"category" = ' in one["sql"]]
    assert len(reading) == 2, "the page, and how many there are"
    assert all("conversation_by_category" in plan for plan in map(_plan, reading))


def test_what_says_the_same_is_found_by_an_index_of_its_own(full: World) -> None:
    contents = [freeze({"text": f"Rappel {number}", "language": "fr"})[0] for number in range(3)]
    with CaptureQueriesContext(connection) as asked:
        repeats_of("post_variant", [Message(full.account(), 0, one) for one in contents], timezone.now())
    [reading] = [one["sql"] for one in asked.captured_queries if '"likeness" = ' in one["sql"]]
    assert "delivery_alike" in _plan(reading)
    assert list(read_whole(reading)) == []


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
