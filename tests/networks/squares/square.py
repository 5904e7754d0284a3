"""One network as the contract suite meets it: a service, its citizens, and a witness that asks no connector of ours."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from PIL import Image

from networks.catalogue import NETWORKS
from networks.kinds import Capabilities
from networks.port import Connector
from networks.types import AttemptKey, Draft, Incoming, Media, PostRef
from tests.simulator.fixture import Control


class Say(Protocol):
    def __call__(self, text: str, reply_to: PostRef | None = None) -> str:
        """A citizen writes; the id that the service's inbox will show."""
        ...


@dataclass
class Square:
    """A network with a service and a citizen on it.

    `say` and `unsay` are the citizen; `count(text)` how many messages of the service begin so, and `alt_of(text)` the
    words for the picture of the one that does, as the network itself keeps them. `draft(text)` is the simplest message
    with these words that the network takes. `addresses(ref)` are all that a person may copy as the address of `ref`.
    `settled` returns once the service's inbox can show what was said. `late(seconds)` is a context in which the citizen
    is shown that long after what was said meanwhile. `writes` is a regular expression for the call that publishes
    ("POST /path"), for faults; empty where there are none.
    """

    network: str
    service: Connector
    signed_off: Connector
    citizen_id: str
    mention: str  # with which a citizen addresses the service; empty where that is only possible in an answer
    say: Say
    unsay: Callable[[str], None]
    count: Callable[[str], int]
    alt_of: Callable[[str], str]
    draft: Callable[..., Draft]
    addresses: Callable[[PostRef], list[str]]
    writes: str = ""
    simulator: Control | None = None
    knows_absence: bool = True  # False: the server cannot prove that it never got something
    has_instants: bool = True  # False: the inbox is a stream, read by its numbers
    settled: Callable[[], None] = lambda: None
    late: Callable[[int], AbstractContextManager[None]] | None = None

    def __post_init__(self) -> None:
        if self.simulator and self.late is None:
            self.late = self.simulator.late

    def answer(self, text: str, question: Incoming) -> Draft:
        """What a conversation manager would send below `question`."""
        return Draft(text, "fr", reply_to=question.ref, reply_root=question.root or question.ref)

    @property
    def can(self) -> Capabilities:
        return NETWORKS[self.network].capabilities


def plain(text: str, **more: object) -> Draft:
    """A message of nothing but words."""
    return Draft(text, "fr", **more)


def picture(folder: Path, alt: str) -> Media:
    data = io.BytesIO()
    Image.new("RGB", (320, 320), "teal").save(data, "PNG")
    path = folder / f"{secrets.token_hex(4)}.png"
    path.write_bytes(data.getvalue())
    return Media(path, "image/png", alt)


def attempt(ago: timedelta = timedelta()) -> AttemptKey:
    return AttemptKey(secrets.token_hex(16), datetime.now(UTC) - ago)


def all_of(connector: Connector, since: str = "") -> tuple[list[Incoming], str]:
    """The whole inbox, page by page, each message once, newest first; and where to go on."""
    page = connector.inbox(since=since)
    items, newest = list(page.items), page.newest
    while page.older:
        page = connector.inbox(since=since, older=page.older)
        items += page.items
    once = {item.ref.id: item for item in items}
    return sorted(once.values(), key=lambda item: item.created_at, reverse=True), newest
