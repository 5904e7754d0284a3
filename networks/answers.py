"""From an HTTP answer to what it means: nothing wrong, or one of `networks.errors`."""

from __future__ import annotations

import json
from typing import Any

from networks.egress import Answer
from networks.egress.rates import retry_at
from networks.errors import (
    AuthExpired,
    Gone,
    Invalid,
    NetworkError,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from networks.redaction import redact

LONGEST_WORDS = 300
REFUSALS: dict[int, type[NetworkError]] = {
    401: AuthExpired,
    403: PermissionMissing,
    404: Gone,
    408: Unavailable,  # the request never arrived whole
    410: Gone,
    425: Unavailable,  # it came too early to be looked at
    501: Unsupported,
}


def judge(answer: Answer, write: bool) -> NetworkError | None:
    """What `answer` to an API call means; None when it is good: a 2xx that holds JSON, or nothing at all.

    Every 5xx on a write leaves the outcome unknown, 503 too: a proxy answers it for a backend that may have finished.
    Only 501 is certain, for it says that the method does not exist.
    """
    status = answer.status
    if 200 <= status < 300:
        return None if _is_json(answer) else _lost("not JSON", write)
    words = network_words(answer)
    if status in (404, 410) and not _is_json(answer):
        # A page of somebody's web server: whoever says of a message that it is gone says so as the network does.
        return Unavailable(f"{status} not JSON")
    if status == 429:
        return RateLimited(retry_at(answer), detail=words)
    if 300 <= status < 400:
        return _judge_redirect(status, write)
    if status >= 500 and status != 501:
        return _lost(f"{status} {words}".strip(), write)
    return _refusal(status, words)


def _refusal(status: int, words: str) -> NetworkError:
    if status == 413:
        return Invalid("media", words)
    if status in (400, 422):
        return Invalid("text", words)
    kind = REFUSALS.get(status)
    return kind(words) if kind else Rejected(f"{status} {words}".strip())


def network_words(answer: Answer) -> str:
    """The network's own explanation, short and without secrets; empty where it gave none that is meant for people."""
    told = read_json(answer)
    if not isinstance(told, dict):
        return ""
    parts = [told.get(name) for name in ("error", "message", "error_description")]
    words = ": ".join(part for part in parts if isinstance(part, str) and part)
    return redact(words, answer.secrets)[:LONGEST_WORDS]


def read_json(answer: Answer) -> Any:
    """The body as JSON, or None where it is not."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def list_of(told: Any, name: str) -> list[Any]:
    """What stands under `name` of an answer. KeyError or TypeError where that is no list: nothing is said of how much
    there is, not even that there is nothing."""
    found = told[name]
    if not isinstance(found, list):
        raise TypeError("not a list")
    return found


def says_more(total: Any, read: int) -> bool:
    """Whether a list that ended after `read` entries says of itself, by its `total`, that there are more: then what is
    not on it may be there."""
    return isinstance(total, int) and total > read


def parts_of(told: Any, name: str) -> list[dict[str, Any]]:
    """What is readable of a list that a message can do without: one odd part of it, or all, takes no message away."""
    found = told.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _is_json(answer: Answer) -> bool:
    if not answer.body:
        return True
    try:
        json.loads(answer.body)
    except (ValueError, RecursionError):
        return False
    return "json" in answer.header("content-type")


def _judge_redirect(status: int, write: bool) -> NetworkError:
    # "See other" after a write may well mean "done, look there"; the other redirects mean "not here".
    if status in (302, 303):
        return _lost(f"redirect {status}", write)
    return Rejected(f"redirect {status}")


def _lost(words: str, write: bool) -> NetworkError:
    return OutcomeUnknown(words) if write else Unavailable(words)
