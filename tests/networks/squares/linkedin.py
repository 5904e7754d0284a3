from __future__ import annotations

from datetime import timedelta

from networks.egress import Egress
from networks.linkedin.connector import LinkedInConnector
from networks.types import AccountRef, PostRef
from tests.networks.squares.square import Square, plain
from tests.simulator.fixture import Control


def square(simulator: Control) -> Square:
    token = simulator.person("finances", "SPF Finances", kind="organisation")
    simulator.person("citizen")
    ids = {one["handle"]: one["id"] for one in simulator.control("GET", "people")}
    me = f"urn:li:organization:{ids['finances']}"

    def connector(token: str) -> LinkedInConnector:
        account = AccountRef("linkedin", simulator.url, me, "finances", {"access_token": token})
        egress = Egress(allow=frozenset({simulator.host}))
        return LinkedInConnector(account, egress, settle=timedelta(0), pause=lambda _seconds: None)

    def say(text: str, reply_to: PostRef | None = None) -> str:
        """A citizen writes on the network's own pages: its API lets nobody but pages speak."""
        below = {"reply_to": number_of(reply_to.id)} if reply_to else {}
        made = simulator.speak("citizen", text, network="linkedin", **below)
        if not reply_to:
            return f"urn:li:share:{made['id']}"
        root = number_of(reply_to.id, root=True)
        return f"urn:li:comment:(urn:li:activity:{root + 1},{made['id']})"

    def addresses(ref: PostRef) -> list[str]:
        number = number_of(ref.id)
        activity = f"urn:li:activity:{number + 1}"
        return [
            ref.url,
            f"{simulator.url}/feed/update/{activity}/",
            f"{simulator.url}/feed/update/{activity}?utm_source=share",
            f"{simulator.url}/posts/finances_où-est-ce-activity-{number + 1}-Ab1c",
            f"{simulator.url}/posts/finances_share-{number}-Ab1c/",
        ]

    def ours(text: str) -> list[dict]:
        return [post for post in simulator.posts(by="finances") if post["text"].startswith(text)]

    return Square(
        "linkedin",
        connector(token),
        connector("no-such-token"),
        f"urn:li:person:{ids['citizen']}",
        "@finances",
        say,
        lambda urn: simulator.take_away(str(number_of(urn))),
        lambda text: len(ours(text)),
        lambda text: ours(text)[0]["media"][0]["alt"],
        plain,
        addresses,
        writes="POST /rest/(posts|socialActions)",
        simulator=simulator,
    )


def number_of(urn: str, *, root: bool = False) -> int:
    """The store's number behind a URN; of a comment its own, or that of the post of it all."""
    last = int(urn.rstrip(")").rpartition("," if "," in urn else ":")[2])
    if not root:
        return last
    return int(urn.partition(",")[0].rpartition(":")[2]) - 1 if "," in urn else last
