"""Media on their way to X: pictures at once, films and animations in parts, words for who cannot see or hear them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from networks.egress import Egress
from networks.errors import Invalid, NetworkError, Unavailable
from networks.types import AccountRef, Captions, Draft, Media
from networks.x import media
from networks.x.connector import XConnector
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve
from tests.networks.squares.square import attempt, picture
from tests.simulator.fixture import Control


def scripted(server: Loopback) -> XConnector:
    account = AccountRef("x", server.url, "7", "fin", {"access_token": "t"})
    return XConnector(account, Egress(allow=server.allow), pause=_paused)


def _paused(seconds: float) -> None:
    assert seconds >= 0, "no time to sleep"


def film(folder: Path, size: int) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(b"\0" * size)
    return path


def captions(folder: Path) -> Captions:
    path = folder / "mots.srt"
    path.write_text("1\n00:00:00,000 --> 00:00:01,000\nBonjour\n")
    return Captions(path, "application/x-subrip", "fr")


def test_a_film_goes_in_parts_with_its_words(
    simulator: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "CHUNK", 1000)
    pauses: list[float] = []
    account = AccountRef("x", simulator.url, "", "finances", {"access_token": simulator.person("finances")})
    service = XConnector(account, Egress(allow=frozenset({simulator.host})), pause=pauses.append)
    clip = Media(film(tmp_path, 2500), "video/mp4", "Une file", captions=(captions(tmp_path),), seconds=4)
    draft = Draft("En images", "fr", (clip,))
    assert service.validate(draft) == ()
    ref = service.publish(draft, attempt())
    (post,) = simulator.posts(network="x")
    assert [(one["bytes"], one["mime"], one["alt"]) for one in post["media"]] == [(2500, "video/mp4", "Une file")]
    (words,) = post["extra"]["captions"]
    assert (words["language_code"], words["display_name"]) == ("FR", "Français")
    assert "Bonjour" in words["text"]
    assert pauses == [1.0, 1.0]
    seen = service.fetch(ref)
    assert seen
    assert seen.text == "En images", "the address of the film is none of the text"
    assert service.reconcile(draft, attempt()).ref == ref
    steps = [call["path"].rpartition("/")[2] for call in simulator.journal("POST") if "/2/media/" in call["path"]]
    assert steps == [
        "initialize",
        *["append"] * 3,
        "finalize",
        "metadata",
        "initialize",
        "append",
        "finalize",
        "subtitles",
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"state": "failed", "error": {"message": "InvalidMedia"}}, Invalid),
        ({"state": "in_progress"}, Unavailable),
        ({"state": "in_progress", "check_after_secs": "soon"}, Unavailable),
        ({"state": "in_progress", "check_after_secs": -1}, Unavailable),
        ({"state": "failed", "error": "InvalidMedia"}, Unavailable),
        ("in_progress", Unavailable),
    ],
)
def test_a_film_that_is_not_taken_is_not_sent(state: Any, expected: type[NetworkError], tmp_path: Path) -> None:
    """Nor does anything else than a network's error come out: the outcome would be unknown."""

    def begun(asked: Asked) -> Reply:
        done = asked.path.endswith(("finalize", "upload"))
        return answer({"data": {"id": "33", **({"processing_info": state} if done else {})}})

    draft = Draft("En images", "fr", (Media(film(tmp_path, 10), "video/mp4", "Une file"),))
    with serve(begun) as server:
        with pytest.raises(expected):
            scripted(server).publish(draft, attempt())
        assert server.count("POST", "/2/tweets") == 0


def test_media_are_measured_by_the_networks_own_rules(tmp_path: Path) -> None:
    service = XConnector(AccountRef("x", "https://x.com", "7"), Egress())

    def file(name: str, size: int) -> Path:
        path = tmp_path / name
        path.write_bytes(b"\0" * size)
        return path

    moving = Media(file("a.gif", 14_000_000), "image/gif", "Un pas")
    still = picture(tmp_path, "Un carré")

    def codes(*attached: Media) -> set[str]:
        return {problem.code for problem in service.validate(Draft("Voir", "fr", attached))}

    assert codes(moving) == set()
    assert codes(Media(file("b.gif", 15_000_001), "image/gif", "Un pas")) == {"media_too_large"}
    assert codes(Media(file("a.png", 5_000_001), "image/png", "Un pas")) == {"media_too_large"}
    assert codes(moving, still) == {"too_many_media"}
    assert codes(*[still] * 5) == {"too_many_media"}
    clip = Media(film(tmp_path, 10), "video/mp4", "Une file", captions=(captions(tmp_path),), seconds=141)
    assert codes(clip) == {"media_too_long"}
    assert codes(clip, still) == {"media_too_long", "video_not_alone"}
    assert {problem.code for problem in service.validate(Draft("A\ufeffB", "fr"))} == {"text_forbidden"}


def test_an_animation_goes_in_parts_too(simulator: Control, tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    Image.new("P", (4, 4)).save(path, "GIF")
    account = AccountRef("x", simulator.url, "", "finances", {"access_token": simulator.person("finances")})
    service = XConnector(account, Egress(allow=frozenset({simulator.host})), pause=lambda _seconds: None)
    service.publish(Draft("Bouge", "fr", (Media(path, "image/gif", "Un pas"),)), attempt())
    (post,) = simulator.posts(network="x")
    assert [(one["mime"], one["alt"]) for one in post["media"]] == [("image/gif", "Un pas")]
