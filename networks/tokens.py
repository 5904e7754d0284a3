"""What every network's token endpoint has in common (OAuth 2, RFC 6749): how it refuses, and how long a token lasts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.answers import judge, network_words, read_json
from networks.egress import Answer
from networks.errors import AuthExpired, Invalid, NetworkError, PermissionMissing

# The grant (a code, a refresh token) is dead; the app is not known, or may not do this.
DEAD = frozenset({"invalid_grant"})
APP_REFUSED = frozenset({"invalid_client", "unauthorized_client", "invalid_scope"})

LONGEST = 10**9  # seconds: thirty years, beyond which a number is no date


def judge_tokens(answer: Answer, _write: bool = False) -> NetworkError | None:
    """What an answer of a token endpoint means. A lost one is `Unavailable`: the old credentials stay.

    Only a grant that is refused by name is `AuthExpired`; an app that is refused is the administration's to mend.
    """
    failure = judge(answer, False)
    if failure is None or answer.status not in (400, 401, 403):
        return failure
    told = read_json(answer)
    code = told.get("error") if isinstance(told, dict) else ""
    if code in DEAD:
        return AuthExpired(network_words(answer))
    if code in APP_REFUSED:
        return PermissionMissing(network_words(answer))
    return failure if answer.status == 403 else Invalid("", network_words(answer))


def no_write(_method: str, _path: str) -> bool:
    """For terms: nothing that a sign-in calls has a public effect."""
    return False


def lasts_until(told: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    """The instant (UTC) that `told[name]` seconds from `now` lead to; None where the network sets none."""
    seconds = str(told.get(name)).removesuffix(".0")  # some write a number of seconds as they write any number
    if not seconds.isascii() or not seconds.isdigit() or not seconds.strip("0"):
        return None
    lasts = int(seconds) if len(seconds) <= len(str(LONGEST)) else LONGEST
    return now.astimezone(UTC) + timedelta(seconds=min(lasts, LONGEST))
