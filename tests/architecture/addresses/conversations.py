"""The inbox."""

from __future__ import annotations

from tests.architecture.rows import (
    ANSWERERS,
    AUDITOR,
    COMMUNITY,
    CONVERSATIONS,
    EVERYONE,
    MENTIONS,
    Row,
    roles,
    rows,
)


def _conversations(
    names: str, methods: str, may: frozenset[str], thing: str = "", sees: frozenset[str] = MENTIONS
) -> list[Row]:
    return rows(names, methods, may, sees=sees if thing else EVERYONE, thing=thing, room="conversations")


_PAGES = [
    *_conversations("inbox", "GET", MENTIONS),
    *_conversations("conversation", "GET", MENTIONS, "conversation"),
    *_conversations("message_parts", "GET", MENTIONS, "mention"),
    *_conversations("picture", "GET", MENTIONS, "picture"),
    *_conversations("take answer", "POST", ANSWERERS, "conversation"),
    *_conversations("withdraw_answer send_again", "POST", ANSWERERS, "answer"),
    *_conversations("assign categorise close reopen", "POST", roles(CONVERSATIONS, COMMUNITY), "conversation"),
    *_conversations("report_author", "GET POST", MENTIONS - {AUDITOR}, "conversation_of_abuse"),
]

_API = [
    *rows("mention-list conversation-list", "GET", MENTIONS),
    *rows("mention-detail", "GET", MENTIONS, sees=MENTIONS, thing="mention"),
    *rows("conversation-detail", "GET", MENTIONS, sees=MENTIONS, thing="conversation"),
    *rows("conversation-reopen", "POST", roles(CONVERSATIONS, COMMUNITY), sees=MENTIONS, thing="conversation"),
    *rows("answer-list", "GET", MENTIONS),
    *rows("answer-detail", "GET", MENTIONS, sees=MENTIONS, thing="answer"),
    *rows("answer-withdraw answer-send-again", "POST", ANSWERERS, sees=MENTIONS, thing="answer"),
    *rows("conversation-take conversation-answer", "POST", ANSWERERS, sees=MENTIONS, thing="conversation"),
    *rows(
        "conversation-assign conversation-categorise conversation-close",
        "POST",
        roles(CONVERSATIONS, COMMUNITY),
        sees=MENTIONS,
        thing="conversation",
    ),
]

ROWS = [*_PAGES, *_API]
