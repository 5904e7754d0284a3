"""What X's answers mean. It names most problems by an address, some only in words, and some in a 200."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from networks.answers import LONGEST_WORDS, judge, read_json
from networks.egress import Answer
from networks.egress.rates import read_instant, retry_at, sensible
from networks.errors import (
    Duplicate,
    Gone,
    Invalid,
    NetworkError,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Rejected,
    Unsupported,
)
from networks.redaction import redact

# A plan is refilled at a date that no answer tells, and may be raised by hand any time: ask again the next day.
REFILL = timedelta(days=1)
CAPPED = ("usage-capped", "UsageCapExceeded", "CreditsDepleted", "credits")
DUPLICATE = "duplicate content"
# What X forbids the content, the moment or the account; everything else that it forbids is the credentials' fault.
FORBIDDEN = (
    "not allowed to reply",
    "reply to this conversation",
    "not permitted to reply",
    "mentioned or",
    "suspended",
    "is locked",
    "looks like it might be automated",
)
TOO_LONG = "text is too long"
PARENT_GONE = "deleted or not visible"
DAY_FULL = "daily"  # so many messages a day, for everybody
MESSAGES = "/2/tweets"
# Of what its author protects X says that we may not see it, and wants it taken away like what was deleted
# (developer.x.com, "Honoring user intent"); an answer to it would be seen by more people than it is.
GONE = ("resource-not-found", "not-authorized-for-resource")


def judge_x(answer: Answer, write: bool) -> NetworkError | None:
    """The shared judgement, told in X's own words, and finer where X is."""
    failure = judge(answer, write)
    told = read_json(answer)
    if not isinstance(told, dict):
        return failure
    words = redact(": ".join(_words(told)), answer.secrets)[:LONGEST_WORDS]
    if failure is None:
        return _partial(told, words, may_be_out=write and _is_of_messages(answer))
    if answer.status in (402, 429):
        return _spent(answer, told, words)
    if answer.status == 403:
        return _forbidden(words, failure)
    if isinstance(failure, Gone) and not write and _is_of_messages(answer) and not _is_named_gone(told):
        return Unsupported(words)  # a call that there is no more: that says of no message that it is gone
    return _in_words(failure, words)


def _is_of_messages(answer: Answer) -> bool:
    return urlsplit(answer.url).path.startswith(MESSAGES)


def _is_named_gone(told: Mapping[str, Any]) -> bool:
    errors = told.get("errors")
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    return any(_names(one, *GONE) for one in (told, *listed))


def _partial(told: Mapping[str, Any], words: str, *, may_be_out: bool) -> NetworkError | None:
    """A 200 without any data but with errors did nothing, as far as we asked; with both, what is there counts.

    Of a message that was written it says neither whether it is out nor that it is not.
    """
    errors = [one for one in told.get("errors") or () if isinstance(one, dict)]
    if not errors or "data" in told:
        return None
    if _is_named_gone(told):
        return Gone(words)
    return OutcomeUnknown(words) if may_be_out else Rejected(words)


def _spent(answer: Answer, told: Mapping[str, Any], words: str) -> NetworkError:
    """Which of X's three kinds of limit: the plan's, the user's own of a day, or the minutes' of this one call."""
    if answer.status == 402 or any(mark in str(told.get(name)) for mark in CAPPED for name in ("type", "title")):
        return QuotaExhausted(datetime.now(UTC) + REFILL, "plan", words)
    if answer.header("x-user-limit-24hour-remaining") == "0":
        now = datetime.now(UTC)
        reset = read_instant(answer.header("x-user-limit-24hour-reset"), now)
        return QuotaExhausted(sensible(reset, now) if reset else retry_at(answer), "day", words)
    return RateLimited(retry_at(answer), detail=words)


def _forbidden(words: str, failure: NetworkError) -> NetworkError:
    low = words.lower()
    if DUPLICATE in low:
        return Duplicate(detail=words)
    if TOO_LONG in low:
        return Invalid("text", words)
    if PARENT_GONE in low:
        return Gone(words)
    if DAY_FULL in low:
        return QuotaExhausted(datetime.now(UTC) + REFILL, "day", words)
    if any(mark in low for mark in FORBIDDEN):
        return Rejected(words)
    return PermissionMissing(words or failure.detail)


def _in_words(failure: NetworkError, words: str) -> NetworkError:
    if words:
        failure.detail = words
        failure.args = (words,)
    return failure


def _names(error: Mapping[str, Any], *kinds: str) -> bool:
    return str(error.get("type")).rpartition("/")[2] in kinds


def _words(told: Mapping[str, Any]) -> Iterator[str]:
    """What X says for people, each thing once, however it puts it this time."""
    errors = [one for one in told.get("errors") or () if isinstance(one, dict)]
    found = [told.get("title"), told.get("detail"), told.get("error"), told.get("message"), told.get("reason")]
    found += [one.get(name) for one in errors for name in ("title", "detail", "message")]
    yield from dict.fromkeys(one for one in found if isinstance(one, str) and one)
