from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.types import AccountRef, Draft, Incoming, PostRef
from tests.appview.fixture import AppView
from tests.networks.squares.square import Square, attempt, plain
from tests.pds.fixture import Pds
from tests.simulator.fixture import Control

INDEXING = 20  # seconds until an AppView must show what was written


def square(server: Pds | Control) -> Square:
    """On the real server, with an AppView or without, or on the training network."""
    if isinstance(server, Control):
        return training_square(server)
    return seen_square(server) if isinstance(server, AppView) else real_square(server)


def seen_square(server: AppView) -> Square:
    """Through the AppView, which hears of what was written, and dates it by what its author claims."""
    back = [0]
    bare = real_square(server, ago=lambda: timedelta(seconds=back[0]))
    last: dict[str, bool] = {}
    for did in (bare.citizen_id, bare.service.account.remote_id):
        until(partial(server.knows, did))

    def say(text: str, reply_to: PostRef | None = None) -> str:
        if reply_to:  # an answer that is read first is told to nobody; a test of its own provokes that
            until(lambda: server.shows(reply_to.id))
        uri = bare.say(text, reply_to)
        last.clear()  # one citizen's messages are read in their order
        last[uri] = reply_to is not None or bare.mention in text
        return uri

    def is_heard(uri: str) -> bool:
        return uri in ids(bare.service.inbox().items)

    def settled() -> None:
        for uri, is_told in last.items():
            until(partial(is_heard if is_told else server.shows, uri))

    def unsay(uri: str) -> None:
        bare.unsay(uri)
        until(lambda: not server.shows(uri))
        last.clear()

    @contextmanager
    def late(seconds: int) -> Iterator[None]:
        back[0] = seconds
        yield
        back[0] = 0

    return replace(bare, say=say, unsay=unsay, settled=settled, late=late, has_instants=True)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + INDEXING
    while not holds():
        assert time.monotonic() < end, "the AppView has not shown it"
        time.sleep(0.05)


def ids(items: Iterable[Incoming]) -> list[str]:
    return [item.ref.id for item in items]


def real_square(pds: Pds, *, ago: Callable[[], timedelta] = timedelta) -> Square:
    ending = secrets.token_hex(4)
    accounts = {name: pds.create_account(f"{name}-{ending}", f"pass-of-{name}") for name in ("fin", "cit")}
    did = accounts["fin"].did

    def connector(handle: str, password: str = "") -> BlueskyConnector:
        account = accounts[handle]
        credentials = {"identifier": account.handle, "app_password": password or account.password}
        ref = AccountRef("bluesky", pds.base_url, account.did, account.handle, credentials)
        return BlueskyConnector(ref, Egress(allow=pds.allow), sessions=SessionStore())

    def records() -> list[dict]:
        listed = pds.get("com.atproto.repo.listRecords", repo=did, collection="app.bsky.feed.post", limit="100")
        return [record["value"] for record in listed["records"]]

    citizen = connector("cit")

    def say(text: str, reply_to: PostRef | None = None) -> str:
        return citizen.publish(Draft(text, "fr", reply_to=reply_to), attempt(ago())).id

    def addresses(ref: PostRef) -> list[str]:
        handle, rkey = accounts["fin"].handle, ref.id.rpartition("/")[2]
        pages = (f"https://bsky.app/profile/{who}/post/{rkey}" for who in (handle, did))
        return [ref.url, ref.id, f"at://{handle}/app.bsky.feed.post/{rkey}", *pages]

    return Square(
        "bluesky",
        connector("fin"),
        connector("fin", "no-such-password"),
        accounts["cit"].did,
        f"@fin-{ending}.test",
        say,
        lambda ref: citizen.delete(PostRef(ref)),
        lambda text: sum(record["text"].startswith(text) for record in records()),
        lambda text: next(r for r in records() if r["text"].startswith(text))["embed"]["images"][0]["alt"],
        plain,
        addresses,
        has_instants=False,
    )


def training_square(simulator: Control) -> Square:
    """Bluesky as the training network speaks it: with an AppView, without Node."""
    egress = Egress(allow=frozenset({simulator.host}))

    def connector(handle: str, password: str = "") -> BlueskyConnector:
        credentials = {"identifier": f"{handle}.test", "app_password": password or simulator.person(handle)}
        blank = AccountRef("bluesky", simulator.url, "", f"{handle}.test", credentials)
        did = "" if password else BlueskyConnector(blank, egress, sessions=SessionStore()).identify().remote_id
        account = AccountRef("bluesky", simulator.url, did, handle, credentials)  # as the square calls them
        return BlueskyConnector(account, egress, sessions=SessionStore())

    service, citizen = connector("finances"), connector("citizen")

    def say(text: str, reply_to: PostRef | None = None) -> str:
        return citizen.publish(Draft(text, "fr", reply_to=reply_to), attempt()).id

    def ours(text: str) -> list[dict]:
        return [post for post in simulator.posts(by="finances", network="bluesky") if post["text"].startswith(text)]

    def addresses(ref: PostRef) -> list[str]:
        rkey = ref.id.rpartition("/")[2]
        page = f"https://bsky.app/profile/finances.test/post/{rkey}"
        return [ref.url, ref.id, f"at://finances.test/app.bsky.feed.post/{rkey}", page]

    return Square(
        "bluesky",
        service,
        connector("finances", "no-such-password"),
        citizen.account.remote_id,
        "@finances.test",
        say,
        lambda ref: citizen.delete(PostRef(ref)),
        lambda text: len(ours(text)),
        lambda text: ours(text)[0]["media"][0]["alt"],
        plain,
        addresses,
        writes="POST /xrpc/com.atproto.repo.putRecord",
        simulator=simulator,
    )
