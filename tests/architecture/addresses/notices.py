"""Notices, letters and webhooks."""

from __future__ import annotations

from tests.architecture.rows import (
    ADMINISTRATOR,
    PEOPLE,
    PUBLIC,
    SIGNED_IN,
    roles,
    rows,
)

_PAGES = [
    *rows("list", "GET", SIGNED_IN, room="notices"),
    *rows("seen", "POST", SIGNED_IN, room="notices"),
    *rows("choices", "GET POST", SIGNED_IN, room="notices"),
    *rows("letters targets", "GET", PEOPLE, room="notices"),
    *rows("letter_again", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="failed_letter", room="notices"),
    *rows("target_new", "GET POST", roles(ADMINISTRATOR), room="notices"),
    *rows("target_detail", "GET", PEOPLE, sees=PEOPLE, thing="webhook_target", room="notices"),
    *rows("target_test target_end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="webhook_target", room="notices"),
    *rows("off", "GET POST", PUBLIC, thing="off", room="notices"),
    # Told to nobody here: what somebody was told is theirs alone (tests/notices/test_pages.py).
    *rows("open", "GET", roles(), sees=roles(), thing="notice", room="notices"),
]

_API = [
    *rows("notice-list", "GET", SIGNED_IN),
    *rows("notice-seen-all", "POST", SIGNED_IN),
    *rows("notice-choices", "GET PATCH", SIGNED_IN),
    *rows("webhook-list webhook-call-list letter-list", "GET", PEOPLE),
    *rows("webhook-list", "POST", roles(ADMINISTRATOR)),
    *rows("webhook-detail", "GET", PEOPLE, sees=PEOPLE, thing="webhook_target"),
    *rows("webhook-test webhook-end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="webhook_target"),
    *rows("webhook-call-detail", "GET", PEOPLE, sees=PEOPLE, thing="webhook_call"),
    *rows("letter-detail", "GET", PEOPLE, sees=PEOPLE, thing="failed_letter"),
    *rows("letter-again", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="failed_letter"),
    # Told to one person: whatever one's role, somebody else's is not there.
    *rows("notice-detail", "GET", roles(), sees=roles(), thing="notice"),
    *rows("notice-seen", "POST", roles(), sees=roles(), thing="notice"),
]

ROWS = [*_PAGES, *_API]
