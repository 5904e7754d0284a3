from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from networks.egress import Egress
from networks.types import AccountRef, Draft, PostRef
from networks.youtube.connector import YoutubeConnector
from tests.networks.squares.square import Square, attempt
from tests.networks.subjects.youtube import film
from tests.simulator.fixture import Control


def connector(simulator: Control, handle: str, token: str = "") -> YoutubeConnector:
    """Somebody's connector on the training network; their channel is asked for unless the `token` is a wrong one."""
    credentials = {"access_token": token or simulator.person(handle)}
    egress = Egress(allow=frozenset({simulator.host}))
    blank = AccountRef("youtube", simulator.url, "", handle, credentials)
    channel = "" if token else YoutubeConnector(blank, egress).identify().remote_id
    account = AccountRef("youtube", simulator.url, channel, handle, credentials)
    return YoutubeConnector(account, egress, settle=timedelta(0))


def square(simulator: Control) -> Square:
    service, citizen = connector(simulator, "finances"), connector(simulator, "citizen")
    folder = Path(tempfile.mkdtemp())

    def draft(text: str, **more: Any) -> Draft:
        """A small video; its title is how the text begins."""
        return Draft(text, "fr", (film(folder),), title=text.partition("\n")[0][:100], **more)

    def say(text: str, reply_to: PostRef | None = None) -> str:
        said = Draft(text, "fr", reply_to=reply_to) if reply_to else draft(text)
        return citizen.publish(said, attempt()).id

    def addresses(ref: PostRef) -> list[str]:
        real = (f"https://www.youtube.com/watch?v={ref.id}", f"https://youtu.be/{ref.id}?t=4")
        forms = ("watch?v={0}&t=10s", "shorts/{0}", "live/{0}", "embed/{0}")
        return [ref.url, *real, *(f"{simulator.url}/{form.format(ref.id)}" for form in forms)]

    return Square(
        "youtube",
        service,
        connector(simulator, "finances", "no-such-token"),
        citizen.account.remote_id,
        "",
        say,
        lambda ref: citizen.delete(PostRef(ref)),
        lambda text: sum(post["text"].startswith(text) for post in simulator.posts(by="finances", network="youtube")),
        lambda text: "",
        draft,
        addresses,
        writes="PUT /upload/youtube/v3/videos",
        simulator=simulator,
    )
