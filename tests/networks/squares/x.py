from __future__ import annotations

from datetime import timedelta

from networks.egress import Egress
from networks.types import AccountRef, PostRef
from networks.x.connector import XConnector
from tests.networks.squares.square import Square, plain
from tests.simulator.fixture import Control


def square(simulator: Control) -> Square:
    settle = timedelta(0)

    def connector(handle: str, token: str = "") -> XConnector:
        credentials = {"access_token": token or simulator.person(handle)}
        egress = Egress(allow=frozenset({simulator.host}))
        blank = AccountRef("x", simulator.url, "", handle, credentials)
        remote_id = "" if token else XConnector(blank, egress).identify().remote_id
        return XConnector(AccountRef("x", simulator.url, remote_id, handle, credentials), egress, settle=settle)

    def say(text: str, reply_to: PostRef | None = None) -> str:
        # By hand: a program may answer only whom it was named by.
        below = {"reply_to": reply_to.id} if reply_to else {}
        return str(simulator.speak("citizen", text, network="x", **below)["id"])

    def addresses(ref: PostRef) -> list[str]:
        forms = ("finances/status/{0}", "FINANCES/status/{0}/", "i/web/status/{0}", "finances/status/{0}/photo/1?s=20")
        return [ref.url, *(f"{simulator.url}/{form.format(ref.id)}" for form in forms)]

    return Square(
        "x",
        connector("finances"),
        connector("finances", "no-such-token"),
        connector("citizen").account.remote_id,
        "@finances",
        say,
        simulator.take_away,
        lambda text: sum(post["text"].startswith(text) for post in simulator.posts(by="finances")),
        lambda text: next(post for post in simulator.posts() if post["text"].startswith(text))["media"][0]["alt"],
        plain,
        addresses,
        writes="POST /2/tweets",
        simulator=simulator,
    )
