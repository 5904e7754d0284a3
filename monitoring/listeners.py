"""The rooms above are told here of what is heard: a registry by inversion, so that monitoring knows none of them.

`conversations` calls `listen` in its AppConfig.ready.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from networks.types import Author, Incoming


@dataclass(frozen=True)
class Heard:
    """A message as it is stored (a `monitoring.models.Mention`), and who wrote it: monitoring keeps no authors."""

    mention: Any
    author: Author


class Listener(Protocol):
    """Told a batch at a time, in the transaction that stores it; must not call out.

    The messages are locked by then (FOR NO KEY UPDATE), or new. A listener locks its own rows after them, and where it
    begins with its own it locks no message harder than FOR KEY SHARE: so nobody waits in a circle.
    """

    def heard(self, account: Any, messages: Sequence[Heard], beside: Sequence[Incoming]) -> None:
        """New messages that `account` heard, the oldest first. `beside`: the answers that came along, of which
        `answered` tells after them; a message may stand below one that nobody knows yet."""
        ...

    def answered(self, account: Any, answers: Sequence[Incoming]) -> None:
        """`account` gave these answers on its network, the oldest first: those too that we sent ourselves, and each as
        often as the network tells of it."""
        ...

    def changed(self, mention: Any, *, is_reworded: bool) -> None:
        """Its author wrote it anew, or else changed who sees it, or of what it warns."""
        ...

    def deleted(self, mentions: Sequence[Any]) -> None:
        """Their authors took these away on the network; their texts are erased here already."""
        ...

    def returned(self, mention: Any, author: Author) -> None:
        """What was taken away stands on the network again, as `author` wrote it; it says here again what it says."""
        ...

    def release(self, mentions: Sequence[Any]) -> Sequence[Any]:
        """Those of `mentions`, whose last day is over, that nothing keeps; all that hangs on them ends here.

        What every listener releases, each asked for what those before it did, is erased in the same transaction.
        """
        ...


_LISTENERS: list[Listener] = []


def listen(listener: Listener) -> None:
    """From now on `listener` is told."""
    _LISTENERS.append(listener)


def listeners() -> Sequence[Listener]:
    return tuple(_LISTENERS)
