from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import requests
from PIL import Image

from networks.egress import Egress
from networks.instagram.connector import InstagramConnector
from networks.types import AccountRef, Draft, Media, PostRef
from tests.networks.squares.square import Square
from tests.simulator.fixture import Control


def connector(simulator: Control, handle: str, token: str = "") -> InstagramConnector:
    """Acts as the account of `handle`'s page; with a `token` of the test's own, without asking who that is."""
    egress = Egress(allow=frozenset({simulator.host}))
    credentials = {"access_token": token or simulator.person(handle)}
    blank = AccountRef("instagram", simulator.url, "178411" if token else "", handle, credentials)
    remote_id = "178411" if token else InstagramConnector(blank, egress).identify().remote_id
    account = AccountRef("instagram", simulator.url, remote_id, handle, credentials)
    return InstagramConnector(account, egress, settle=timedelta(0), pause=lambda _seconds: None)


def jpeg(folder: Path, colour: str = "teal") -> Path:
    data = io.BytesIO()
    Image.new("RGB", (320, 320), colour).save(data, "JPEG")
    path = folder / f"{colour}.jpg"
    path.write_bytes(data.getvalue())
    return path


def public(simulator: Control, path: Path) -> str:
    """The address of a file that the square itself serves, as an administration's own server would."""
    answer = requests.post(
        f"{simulator.url}/api/v2/media",
        files={"file": ("p.jpg", path.read_bytes(), "image/jpeg")},
        headers={"Authorization": f"Bearer {simulator.person('archive')}"},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


def square(simulator: Control) -> Square:
    service, citizen = connector(simulator, "finances"), connector(simulator, "citizen")
    picture = jpeg(Path(mkdtemp(prefix="parvis-square-")))
    shown = Media(picture, "image/jpeg", "Un carré", url=public(simulator, picture))

    def draft(text: str, **more: object) -> Draft:
        """With a picture, as JPEG and with an address, for the network takes no other."""
        media = more.pop("media", None) or (shown,)
        assert isinstance(media, tuple)
        ready = tuple(replace(one, path=picture, mime="image/jpeg", url=shown.url) for one in media)
        return Draft(text, "fr", media=ready, **more)

    def say(text: str, reply_to: PostRef | None = None) -> str:
        below = {"reply_to": reply_to.id} if reply_to else {}
        return str(simulator.speak("citizen", text, network="instagram", **below)["id"])

    def addresses(ref: PostRef) -> list[str]:
        code = ref.url.rstrip("/").rpartition("/")[2]
        forms = ("p/{0}", "p/{0}/?igsh=x", "reel/{0}/", "finances/p/{0}/")
        return [ref.url, *(f"{simulator.url}/{form.format(code)}" for form in forms)]

    return Square(
        "instagram",
        service,
        connector(simulator, "finances", "no-such-token"),
        citizen.account.remote_id,
        "@finances",
        say,
        simulator.take_away,
        lambda text: sum(post["text"].startswith(text) for post in simulator.posts(by="finances", network="instagram")),
        lambda text: next(post for post in simulator.posts() if post["text"].startswith(text))["media"][0]["alt"],
        draft,
        addresses,
        writes=r"POST /v26\.0/\d+/media_publish",
        simulator=simulator,
    )
