"""What LinkedIn's answers mean, where its own codes say more than the status."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from networks import answers
from networks.answers import network_words, read_json
from networks.egress import Answer
from networks.errors import Duplicate, NetworkError, QuotaExhausted, Unsupported
from networks.types import PostRef

EXISTING = re.compile(r"urn:li:(?:share|ugcPost):\d{1,25}")
DAILY = re.compile(r"\bDAY\b")
# Of a call that there is no more, whatever it was about: that says of no message that it is gone.
NO_SUCH_CALL = "no virtual resource"


def judge(answer: Answer, write: bool) -> NetworkError | None:
    """As for any network, but for a duplicate, which names the post that is there, for a day that is used up, and for a
    call that the network knows no more."""
    if answer.status == 422:
        words = network_words(answer)
        found = EXISTING.search(words)
        if "DUPLICATE_POST" in _codes(answer) or (found and "duplicate" in words.lower()):
            return Duplicate(PostRef(found.group()) if found else None, words)
    if answer.status == 429 and DAILY.search(network_words(answer)):
        return QuotaExhausted(next_midnight(datetime.now(UTC)), "day", network_words(answer))
    if answer.status == 404 and NO_SUCH_CALL in network_words(answer).lower():
        return Unsupported(network_words(answer))
    return answers.judge(answer, write)


def next_midnight(now: datetime) -> datetime:
    """When every daily allowance starts anew (UTC)."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _codes(answer: Answer) -> set[str]:
    told = read_json(answer)
    details = told.get("errorDetails") if isinstance(told, dict) else None
    listed = details.get("inputErrors") if isinstance(details, dict) else None
    errors = listed if isinstance(listed, list) else []
    codes = {str(error.get("code")) for error in errors if isinstance(error, dict)}
    return codes | ({str(told.get("code"))} if isinstance(told, dict) else set())
