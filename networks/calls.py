"""Runs a piece of a client library so that nothing but `networks.errors` comes out of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from networks.egress import Terms
from networks.egress.exchange import UPLOAD_RATE
from networks.errors import Invalid, NetworkError, OutcomeUnknown, Unavailable
from networks.types import AttemptKey, Draft

Item = TypeVar("Item")
Result = TypeVar("Result")

logger = logging.getLogger(__name__)

DEEPEST = 10
# Seconds from the beginning of a publish to the beginning of its write: with the write's own time, less than a lease.
PUBLISH_WITHIN = 60.0
# A film takes longer: it is carried over, then the network works through it (seconds). Not longer than that a send that
# died with its worker is flagged within ten minutes.
PROCESSING = 180.0
LONGEST_PREPARATION = 440.0


def preparation(draft: Draft) -> float:
    """How many seconds longer than a text `draft` may take until its write begins."""
    films = [medium.path for medium in draft.media if medium.is_video and medium.path.is_file()]
    if not films:
        return 0.0
    return min(PROCESSING + sum(film.stat().st_size for film in films) / UPLOAD_RATE, LONGEST_PREPARATION)


@contextmanager
def publishing(terms: Terms, draft: Draft, attempt: AttemptKey) -> Iterator[None]:
    """Inside, writes begin in time for `draft`, under the claim of `attempt`, and as long as it is wanted."""
    seconds = PUBLISH_WITHIN + preparation(draft)
    with terms.starting_within(seconds, before=attempt.begin_before, wanted=attempt.still_wanted):
        yield


def run(terms: Terms, work: Callable[[], Result]) -> Result:
    """The result of `work`, or one clean error: no library's exception, no chain that still holds a request.

    A library that breaks after a write went out leaves the outcome unknown; one that breaks before anything went out
    refused our content.
    """
    exchanges, writes = terms.exchanges, terms.writes
    try:
        return work()
    except Exception as error:
        failure = _underlying(error)
        if failure is None:
            words = type(error).__name__
            if terms.writes > writes:
                failure = OutcomeUnknown(words)
            elif terms.exchanges > exchanges:
                failure = Unavailable(words)
            else:
                failure = Invalid("", words)
    failure.__context__ = failure.__cause__ = None
    raise failure.with_traceback(None)


def _underlying(error: BaseException) -> NetworkError | None:
    """Our own error inside whatever a library wrapped around it."""
    inner: BaseException | None = error
    for _ in range(DEEPEST):
        if inner is None or isinstance(inner, NetworkError):
            return inner
        inner = inner.__cause__ or inner.__context__
    return None


def each_readable(items: Iterable[Item], read: Callable[[Item], Result]) -> tuple[Result, ...]:
    """What `read` makes of each item, without those that it cannot read.

    Anybody may publish something misshapen; it must not keep everybody else's messages from coming in.
    """
    found: list[Result] = []
    for item in items:
        try:
            found.append(read(item))
        except NetworkError:
            raise
        except Exception as error:
            logger.warning("left out a message that cannot be read: %s", type(error).__name__)
    return tuple(found)
