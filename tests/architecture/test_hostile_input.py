"""Whatever is typed into an address, a form or the API: a sentence, never a crash."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.architecture.access import TABLE
from tests.architecture.asking import path_of, send, visitor
from tests.architecture.rows import AUDITOR, GET, PATCH, POST, PUBLIC, Row
from tests.architecture.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HUGE = 10**30
WORDS = {
    "nul": "a\x00b",
    "long": "x" * 1_000_000,
    "right-to-left": "\u202e\u2067abc\u2069 שלום",
    "odd": "\U0001f1e7\U0001f1ea\ufdd0\ufffe" + "e" + "\u0301" * 2_000,
    "marks": "%s %(actor)s {0} <script>{{ 7 }}{% debug %}'\"--",
    "number": str(HUGE),
    "last day": "9999-12-31",
    "last moment": "9999-12-31T23:59",
    "first moment": "0001-01-01T00:00",
}
ODD_BYTES = ("%ED%A0%80%FF%FE%", "%00")
FILTERS = [
    *("account", "category", "cursor", "format", "language", "named", "network", "next", "page"),
    *("q", "role", "show", "since", "state", "thing", "unit", "until", "what", "who", "words"),
]
MARKS = (
    "next:9999-12-31T23:59:59-14:00:1",
    "previous:0001-01-01T00:00:00+00:00:9",
    "next:2026-01-01T00:00:00+00:00:999999999999999999",
    f"next:2026-01-01T00:00:00+00:00:{HUGE}",
    "previous:0001-01-01T00:00:00+23:59:1",
    "next::999999999999999999",
    "previous::-1",
    "next:",
    "cD1hYmM=",  # p=abc
    "cD0lMDA=",  # p=%00
    "bz0tMSZwPTE=",  # o=-1&p=1
    "cj0xJnA9OTk5OTktOTk=",  # r=1&p=99999-99
)


LISTS = [row for row in TABLE if row.method == GET and not row.thing and row.may != PUBLIC]


@pytest.mark.parametrize("row", LISTS, ids=str)
def test_no_query_string_breaks_a_page(world: World, row: Row) -> None:
    role = AUDITOR if AUDITOR in row.may else sorted(row.may)[0]
    client, path = visitor(world, world.insiders[role]), path_of(row, world)
    values = [*(words[:2_000] for words in WORDS.values()), MARKS[0]]
    asked = [urlencode(dict.fromkeys(FILTERS, value)) for value in values]
    asked += [urlencode({"page": mark, "cursor": mark}) for mark in MARKS]
    asked += ["&".join(f"{name}={raw}" for name in FILTERS) for raw in ODD_BYTES]
    broken = {query[:80]: told for query in asked if (told := send(client, f"{path}?{query}", GET).status) >= 500}
    assert broken == {}


# What each form needs to be let through, so that every text of it reaches its action.
FORMS: dict[str, dict[str, Any]] = {
    "organisation:person_invite": {"name": "An", "email": "an@example.test", "unit": "here", "language": "nl"},
    "organisation:person_suspend": {"reason": "left"},
    "organisation:grant_give": {"role": "newcomer", "unit": "here", "until": ""},
    "accounts_registry:account_suspend": {"reason": "pause"},
    "accounts_registry:account_connect": {"base_url": "https://example.test", "identifier": "x", "app_password": "y"},
    "accounts_registry:dossier_new": {
        "unit": "here",
        "platform": "bluesky",
        "account_kind": "page",
        "proposed_handle": "fin",
        "languages": "fr",
        "later": "1",
    },
    "accounts_registry:dossier_vote": {"choice": "for", "reason": "good"},
    "accounts_registry:dossier_decide": {"reasons": "good"},
    "accounts_registry:dossier_return": {"reason": "more"},
    "accounts_registry:dossier_withdraw": {"reason": "no"},
    "accounts_registry:sighting_new": {
        "account": "https://x.com/tax",
        "network": "",
        "unit": "here",
        "kind": "wild",
        "found": "hand",
        "shown_name": "n",
        "words_seen": "w",
        "note": "n",
        "created_on": "",
        "imitates": "",
    },
    "accounts_registry:sighting_edit": {
        "edition": "1",
        "kind": "wild",
        "shown_name": "n",
        "words_seen": "w",
        "created_on": "",
    },
    "accounts_registry:sighting_contact": {"reason": "called"},
    "accounts_registry:sighting_merge": {"reason": "moved", "into": "1"},
    "accounts_registry:abuse_notify": {"reference": "T1", "notified_on": ""},
    "accounts_registry:nil_return_new": {"unit": "here", "since": "2026-07-01", "until": "2026-09-30", "how": "looked"},
    "delivery:delivery_decide": {"verdict": "confirm_there", "published_url": "https://x.test/1", "reason": "seen"},
    "delivery:delivery_reconfirm": {"due_at": "2027-01-04T09:00"},
    "delivery:hold_new": {"scope": "unit", "unit": "here", "reason": "storm", "until": ""},
    "delivery:hold_lift": {"reason": "over"},
    "publishing:post_new": {
        "unit": "here",
        "title": "T",
        "language": "fr",
        "core_text": "t",
        "link": "",
        "wall_time": "",
        "fold": "",
        "new_alt": "",
    },
    "publishing:post_edit": {
        "version": "1",
        "title": "T",
        "language": "fr",
        "core_text": "t",
        "link": "",
        "wall_time": "",
    },
    "publishing:submit": {"version": "1"},
    "publishing:withdraw": {"reason": "no"},
    "publishing:approve": {"content_hash": "0" * 64, "planned_for": "2027-01-04T09:00:00Z"},
    "publishing:request_changes": {"reason": "no"},
    "publishing:reject": {"reason": "no"},
    "publishing:schedule": {"wall_time": "2027-01-04T09:00", "fold": ""},
    "publishing:reschedule": {"wall_time": "2027-01-04T09:00", "fold": ""},
    "conversations:assign": {"to": "1"},
    "conversations:categorise": {"category": "question"},
    "conversations:answer": {"text": "hello", "seen": "0", "question": "1"},
    "conversations:close": {"reason": "no"},
    "conversations:withdraw_answer": {"reason": "no"},
    "monitoring:watch_edit": {
        "name": "w",
        "query": "q",
        "purpose": "p",
        "legal_basis": "public_task",
        "law": "l",
        "dpia_reference": "d",
        "owner": "1",
        "expires_on": "2027-01-01",
    },
    "monitoring:watch_end": {"reason": "no"},
    "monitoring:source_new": {
        "unit": "here",
        "network": "feed",
        "url": "https://127.0.0.1/feed",
        "title": "t",
        "words": "w",
        "purpose": "p",
        "legal_basis": "public_task",
        "law": "l",
        "dpia_reference": "d",
        "owner": "1",
        "expires_on": "2027-01-01",
    },
    "monitoring:source_edit": {
        "title": "t",
        "words": "w",
        "purpose": "p",
        "legal_basis": "public_task",
        "law": "l",
        "dpia_reference": "d",
        "owner": "1",
        "expires_on": "2027-01-01",
    },
    "monitoring:source_end": {"reason": "no"},
    "crisis:playbook_new": {"unit": "here", "title": "T", "summary": "s", "before": "a", "during": "b", "after": "c"},
    "crisis:playbook_edit": {"title": "T", "summary": "s", "before": "a", "during": "b", "after": "c", "edition": "1"},
    "crisis:declare": {
        "unit": "here",
        "title": "T",
        "reason": "r",
        "level": "federal",
        "severity": "1",
        "freeze_scope": "none",
    },
    "crisis:note": {"text": "n"},
    "crisis:freeze": {"scope": "unit", "reason": "r"},
    "crisis:end": {"reason": "r"},
    "choose_theme": {"theme": "dark", "next": "/"},
    "choose_language": {"language": "nl", "next": "/"},
    "choose_unit": {"unit": "x", "next": "/"},
}
MOMENTS = {"last day", "last moment", "first moment"}
WHEN = {"due_at", "expires_on", "review_on", "until", "wall_time"}  # elsewhere a moment is words as any other
POSTED = [row for row in TABLE if row.method == POST and row.url in FORMS]


@pytest.mark.parametrize("row", POSTED, ids=str)
def test_no_text_breaks_a_form(world: World, row: Row) -> None:
    role = sorted(row.may)[0] if row.may != PUBLIC else AUDITOR
    client, path = visitor(world, world.insiders[role]), path_of(row, world)
    base = {name: str(world.here.pk) if value == "here" else value for name, value in FORMS[row.url].items()}
    broken = {
        (name, kind): told
        for name in base
        for kind, words in WORDS.items()
        if (name in WHEN or kind not in MOMENTS)
        and (told := send(client, path, POST, {**base, name: words}).status) >= 500
    }
    assert broken == {}


def test_every_form_of_the_table_is_tried() -> None:
    assert set(FORMS) - {row.url for row in TABLE if row.method == POST} == set()


BODIES: dict[str, dict[str, Any]] = {
    "dossier-list": {"unit": "HERE", "platform": "bluesky", "proposed_handle": "x", "objective": "o", "owner": 1},
    "dossier-votes": {"choice": "for", "reason": "good", "round": 1},
    "sighting-list": {
        "unit": "HERE",
        "account": "https://x.com/tax",
        "network": "x",
        "kind": "wild",
        "found": "hand",
        "shown_name": "n",
        "asks": None,
        "created_on": "2026-01-01",
        "imitates": 1,
    },
    "sighting-detail": {"edition": 1, "kind": "wild", "note": "n", "imitates": 1},
    "sighting-contact": {"reason": "called"},
    "sighting-merge": {"reason": "moved", "into": 1},
    "abuse-case-notify": {"reference": "T1", "notified_on": "2026-01-01"},
    "nil-return-list": {"unit": "HERE", "since": "2026-07-01", "until": "2026-09-30", "how": "looked"},
    "post-list": {
        "unit": "HERE",
        "title": "t",
        "language": "fr",
        "core_text": "c",
        "link": "",
        "variants": [],
        "wall_time": "2027-01-04T09:00",
        "zone": "Europe/Brussels",
        "fold": 0,
    },
    "post-detail": {"version": 1, "title": "t", "core_text": "c", "images": [], "wall_time": None, "zone": "UTC"},
    "post-submit": {"version": 1},
    "post-withdraw": {"reason": "no"},
    "post-approve": {"content_hash": "0" * 64, "planned_for": "2027-01-04T09:00:00Z"},
    "post-request-changes": {"reason": "no", "content_hash": "0" * 64},
    "post-schedule": {"wall_time": "2027-01-04T09:00", "zone": "Europe/Brussels", "fold": 0},
    "conversation-assign": {"to": 1},
    "conversation-categorise": {"category": "question"},
    "conversation-answer": {"text": "hello", "seen": 0, "question": "1"},
    "conversation-close": {"reason": "no"},
}
SAID: list[Any] = [*WORDS.values(), "\ud800", HUGE, -1, True, None, [], {}, [{"id": HUGE}]]
SENT = [row for row in TABLE if row.method in (POST, PATCH) and row.url in BODIES]


@pytest.mark.parametrize("row", SENT, ids=str)
def test_nothing_said_to_the_api_breaks_it(world: World, row: Row) -> None:
    client, path = visitor(world, world.insiders[sorted(row.may)[0]]), path_of(row, world)
    base = {name: world.here.slug if value == "HERE" else value for name, value in BODIES[row.url].items()}
    bodies = [json.dumps({**base, name: said}) for name in base for said in SAID]
    bodies += ["[" * 100_000, '{"a":' * 50_000, "null", "[]", '"x"', "NaN", '{"version": 1' + "0" * 5_000 + "}", "\x00"]
    broken = {body[:80]: told for body in bodies if (told := _told(client, path, row.method, body)) >= 500}
    assert broken == {}


def _told(client: Any, path: str, method: str, body: Any) -> int:
    return send(client, path, method, body).status
