"""A network that nobody has ever heard of, kept in memory: what a new folder in `networks/` would hold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

from networks.composition import compose
from networks.egress import Egress
from networks.errors import AuthExpired, Gone
from networks.kinds import Capabilities, Counting, Field, Network, SignIn
from networks.types import (
    AccountRef,
    AttemptKey,
    Author,
    Draft,
    Finding,
    Identity,
    Incoming,
    Kind,
    Measure,
    Page,
    PostRef,
    Presence,
    Problem,
)
from networks.validation import problems

NETWORK = Network(
    key="agora",
    name="Agora",
    icon="globe",
    default_base_url="https://agora.example",
    sign_in=SignIn.ACCESS_TOKEN,
    fields=(Field("access_token", secret=True),),
    capabilities=Capabilities(
        text_limit=40,
        byte_limit=None,
        counting=Counting.CHARACTERS,
        max_media=0,
        media_types=(),
        media_bytes=0,
        alt_limit=0,
        searches=False,
    ),
    connector="tests.architecture.agora:AgoraConnector",
)
TOKEN = "the-key-of-the-agora"
SAID: dict[str, Incoming] = {}
KEYS: dict[str, PostRef] = {}
numbers = itertools.count(1)


def say(author: str, text: str, parent: PostRef | None = None) -> PostRef:
    """Somebody speaks on the agora."""
    ref = PostRef(str(next(numbers)), f"https://agora.example/{author}")
    who = Author(author, author, author.title())
    SAID[ref.id] = Incoming(ref, Kind.MENTION, who, text, datetime.now(UTC), parent=parent, told=("fin",))
    return ref


class AgoraConnector:
    def __init__(self, account: AccountRef, egress: Egress) -> None:
        self.account = account

    def identify(self) -> Identity:
        if self.account.credentials.get("access_token") != TOKEN:
            raise AuthExpired("not the key")
        return Identity("fin", "fin", "Finances", "https://agora.example/fin")

    def length(self, text: str) -> int:
        return len(text)

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        sent = compose(draft, "agora").text
        return problems(draft, NETWORK.capabilities, self.length(sent), sent)

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        self.identify()
        KEYS[attempt.key] = KEYS.get(attempt.key) or say("fin", compose(draft, "agora").text, draft.reply_to)
        return KEYS[attempt.key]

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        found = KEYS.get(attempt.key)
        return Finding(Presence.PRESENT, found) if found else Finding(Presence.ABSENT)

    def delete(self, ref: PostRef) -> None:
        if SAID.pop(ref.id, None) is None:
            raise Gone

    def fetch(self, ref: PostRef) -> Incoming | None:
        return SAID.get(ref.id)

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        return ()

    def locate(self, url: str) -> PostRef | None:
        return None

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        new = [one for one in SAID.values() if one.author.id != "fin" and int(one.ref.id) > int(since or 0)]
        return Page(tuple(reversed(new)), newest=str(max((int(key) for key in SAID), default=0)))

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        raise AssertionError("its capabilities say that it does not search")

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        return ()
