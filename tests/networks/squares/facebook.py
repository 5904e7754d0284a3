from __future__ import annotations

from datetime import timedelta

from networks.egress import Egress
from networks.facebook.connector import FacebookConnector
from networks.types import AccountRef, PostRef
from tests.networks.squares.square import Square, plain
from tests.simulator.fixture import Control


def connector(simulator: Control, handle: str, token: str = "") -> FacebookConnector:
    """Acts as the page of `handle`; with a `token` of the test's own, without asking who that is."""
    egress = Egress(allow=frozenset({simulator.host}))
    credentials = {"access_token": token or simulator.person(handle)}
    blank = AccountRef("facebook", simulator.url, "1" if token else "", handle, credentials)
    remote_id = "1" if token else FacebookConnector(blank, egress).identify().remote_id
    account = AccountRef("facebook", simulator.url, remote_id, handle, credentials)
    return FacebookConnector(account, egress, settle=timedelta(0), pause=lambda _seconds: None)


def square(simulator: Control) -> Square:
    service, citizen = connector(simulator, "finances"), connector(simulator, "citizen")
    page = service.account.remote_id

    def say(text: str, reply_to: PostRef | None = None) -> str:
        """Below a post or a comment, or on the page itself, as what begins with its name."""
        below = {"reply_to": reply_to.id.rpartition("_")[2]} if reply_to else {}
        said = simulator.speak("citizen", text, network="facebook", **below)
        above = reply_to.id.rpartition("_")[2] if reply_to else page
        return f"{above}_{said['id']}"

    def addresses(ref: PostRef) -> list[str]:
        number = ref.id.rpartition("_")[2]
        site = simulator.url
        named = [f"{site}/{who}/posts/{number}" for who in ("finances", "Finances", page)]
        return [ref.url, *named, f"{named[0]}/?x=1#y", f"{site}/permalink.php?story_fbid={number}&id={page}"]

    return Square(
        "facebook",
        service,
        connector(simulator, "finances", "no-such-token"),
        citizen.account.remote_id,
        "@finances",
        say,
        lambda ref: simulator.take_away(ref.rpartition("_")[2]),
        lambda text: sum(post["text"].startswith(text) for post in simulator.posts(by="finances", network="facebook")),
        lambda text: next(post for post in simulator.posts() if post["text"].startswith(text))["media"][0]["alt"],
        plain,
        addresses,
        writes=r"POST /v26\.0/\d+/feed",
        simulator=simulator,
    )
