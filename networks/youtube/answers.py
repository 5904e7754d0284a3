"""What Google's answers mean: an error names a reason, and the reason says more than the status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from networks.answers import LONGEST_WORDS, judge, read_json
from networks.egress import Answer
from networks.egress.rates import retry_at
from networks.errors import (
    AuthExpired,
    Gone,
    Invalid,
    NetworkError,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from networks.redaction import redact

UPLOADS = "/upload/"
INCOMPLETE = 308  # Google's "go on": it holds what came so far, and nothing is public
PACIFIC = ZoneInfo("America/Los_Angeles")  # where the day of the quota begins
DAYS_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
UPLOADS_ENDED = "uploadLimitExceeded"  # of one channel, within any 24 hours
REASONS: dict[str, type[NetworkError]] = {
    "accessNotConfigured": PermissionMissing,
    "authError": AuthExpired,
    "channelClosed": Gone,
    "channelNotFound": Gone,
    "channelSuspended": PermissionMissing,
    "commentNotFound": Gone,
    "commentThreadNotFound": Gone,
    "commentsDisabled": Rejected,
    "forbidden": PermissionMissing,
    "insufficientPermissions": PermissionMissing,
    "parentCommentNotFound": Gone,
    "playlistNotFound": Gone,
    "processingFailure": Rejected,
    "videoNotFound": Gone,
    "youtubeSignupRequired": PermissionMissing,
}
FIELDS = {
    "commentTextRequired": "text",
    "commentTextTooLong": "text",
    "invalidDescription": "text",
    "invalidTitle": "title",
    "mediaBodyRequired": "media",
}


def judge_google(answer: Answer, write: bool) -> NetworkError | None:
    """What `answer` means; None when it is good, as a piece of an upload is that more pieces follow."""
    is_upload = urlsplit(answer.url).path.startswith(UPLOADS)
    if answer.status == INCOMPLETE and is_upload:
        return Unavailable("the upload is not complete") if write else None
    failure = judge(answer, write)
    if failure is None or not 400 <= answer.status < 500:
        return failure
    reason, words = _error_reason(answer)
    if isinstance(failure, Gone) and not (write or is_upload or reason in REASONS):
        # What is read is listed, and what is gone is left out of the list: here the list itself is not there any more.
        return Unsupported(words)
    return _refusal(answer, failure, reason, words)


def _refusal(answer: Answer, failure: NetworkError, reason: str, words: str) -> NetworkError:
    """What a refusal with this `reason` means; `failure` is what its status alone says."""
    now = datetime.now(UTC)
    if reason in DAYS_QUOTA:
        return QuotaExhausted(next_quota(now), "day", words)
    if reason == UPLOADS_ENDED:
        return QuotaExhausted(now + timedelta(days=1), "uploads", words)
    if reason in TOO_FAST or answer.status == 429:
        return RateLimited(retry_at(answer), detail=words)
    if reason in FIELDS:
        return Invalid(FIELDS[reason], words)
    if reason in REASONS:
        return REASONS[reason](words)
    failure.detail = words or failure.detail
    failure.args = (failure.detail,)
    return failure


def next_quota(now: datetime) -> datetime:
    """The next midnight in California (UTC), when the day's quota begins anew."""
    there = now.astimezone(PACIFIC)
    midnight = datetime.combine(there.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return midnight.astimezone(UTC)


def _error_reason(answer: Answer) -> tuple[str, str]:
    """The reason that an error names, and its words, short and without secrets; empty where it has none."""
    told = read_json(answer)
    error: Any = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return "", ""
    errors = error.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    words = redact(str(error.get("message") or first.get("message") or ""), answer.secrets)
    return str(first.get("reason") or ""), words[:LONGEST_WORDS]
