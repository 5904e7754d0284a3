"""An answer is never wider than its question: for whom one may be."""

from __future__ import annotations

from networks.types import Audience

WIDEST_FIRST = tuple(Audience)


def is_wider(one: Audience, than: Audience) -> bool:
    return WIDEST_FIRST.index(one) < WIDEST_FIRST.index(than)


def narrowest(possible: list[Audience | None]) -> Audience | None:
    """What an answer to several messages at once may be, by what it may be to each; none where one allows none."""
    known = [one for one in possible if one is not None]
    return max(known, key=WIDEST_FIRST.index) if known and len(known) == len(possible) else None


def answer_audience(asked: Audience | None, offered: tuple[Audience, ...]) -> Audience | None:
    """The widest that an answer may be to a message for `asked`, on a network that has `offered`.

    Followers are somebody's own: what a citizen says to theirs is not for ours, so it is answered to whom it names.
    Where nobody knows who sees the question, the answer is as narrow as the network can make it. None where the network
    can make none that is narrow enough.
    """
    if asked is None:
        return max(offered, key=WIDEST_FIRST.index)
    limit = Audience.DIRECT if asked is Audience.FOLLOWERS else asked
    return next((one for one in WIDEST_FIRST if one in offered and not is_wider(one, limit)), None)
