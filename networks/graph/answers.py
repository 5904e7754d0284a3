"""What the Graph API's answers mean: the code in the error says more than the HTTP status."""

from __future__ import annotations

from typing import Any

from networks.answers import LONGEST_WORDS, judge, read_json
from networks.egress import Answer
from networks.egress.rates import retry_at
from networks.errors import (
    AuthExpired,
    Duplicate,
    Gone,
    Invalid,
    NetworkError,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Rejected,
    Unavailable,
)
from networks.redaction import redact

# 1 and 2 are "try again later", which a write cannot trust; Instagram has negative ones for the same.
TRANSIENT = (1, 2)
SIGNED_OUT = (102, 190)
FORBIDDEN = (3, 10, *range(200, 300))
LIMITED = (4, 17, 32, 341, 613, *range(80000, 80015))
ABSENT = (21, 24, 803)
MEDIA = (324, 352, 389, 1363000, 9004, 36000, 36001, 36003, 36004)
INVALID = 100
NO_SUCH_OBJECT = 33
DUPLICATE = 506
POLICY = 368
NOT_READY = 9007  # Instagram: the container is not processed yet
USED_UP = 2207042  # Instagram: so many publications a day


def judge_graph(answer: Answer, write: bool) -> NetworkError | None:
    """What `answer` means; None when it is good. A 5xx on a write stays unknown, whatever code it carries."""
    error = read_error(answer)
    if error is None or answer.status >= 500 or 300 <= answer.status < 400:
        return _spoken(answer, write, judge(answer, write))
    words = error_words(answer)
    found = _by_code(answer, error, words, write)
    if found:
        return found
    if answer.status < 300:
        return OutcomeUnknown(words) if write else Unavailable(words)
    return _spoken(answer, write, judge(answer, write))


def read_error(answer: Answer) -> Any:
    """The `error` of an answer; None where it has none."""
    told = read_json(answer)
    return (told.get("error") or None) if isinstance(told, dict) else None


def error_words(answer: Answer) -> str:
    """The network's words for its developers and for people, without secrets."""
    error = read_error(answer)
    if isinstance(error, str):
        return redact(error, answer.secrets)[:LONGEST_WORDS]
    if not isinstance(error, dict):
        return ""
    parts = (error.get(name) for name in ("message", "error_user_title", "error_user_msg"))
    words = ": ".join(part for part in parts if isinstance(part, str) and part)
    return redact(words, answer.secrets)[:LONGEST_WORDS]


def _by_code(answer: Answer, error: Any, words: str, write: bool) -> NetworkError | None:
    code, subcode = (_number(error, name) for name in ("code", "error_subcode"))
    if code is None:
        return None
    if subcode == USED_UP:
        return QuotaExhausted(retry_at(answer), detail=words)
    if code in LIMITED:
        return RateLimited(retry_at(answer), detail=words)
    if code in TRANSIENT or code < 0:
        return OutcomeUnknown(words) if write else Unavailable(words)
    return _by_right(code, words) or _by_content(code, subcode, words)


def _by_right(code: int, words: str) -> NetworkError | None:
    if code in SIGNED_OUT:
        return AuthExpired(words)
    return PermissionMissing(words) if code in FORBIDDEN else None


def _by_content(code: int, subcode: int | None, words: str) -> NetworkError | None:
    if code == DUPLICATE:
        return Duplicate(detail=words)
    if code in ABSENT or (code == INVALID and subcode == NO_SUCH_OBJECT):
        return Gone(words)
    if code in MEDIA or code == INVALID:
        return Invalid("media" if code in MEDIA else "text", words)
    if code == NOT_READY:
        return Unavailable(words)
    return Rejected(words) if code == POLICY else None


def _spoken(answer: Answer, write: bool, found: NetworkError | None) -> NetworkError | None:
    """The judgement by status, in the words that only this API's shape gives."""
    words = error_words(answer)
    if found is None or not words or not isinstance(read_error(answer), dict):
        return found
    found.detail = words
    found.args = (words,)
    return found


def _number(error: Any, name: str) -> int | None:
    value = error.get(name) if isinstance(error, dict) else None
    return value if isinstance(value, int) else None
