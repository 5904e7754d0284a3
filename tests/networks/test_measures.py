"""What a file measures is told to networks, and held against the shapes that they take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from networks.catalogue import NETWORKS
from networks.measures import size_of
from networks.types import Draft, Media
from networks.validation import problems
from tests.factories.films import MP4


def drawn(tmp_path: Path, size: tuple[int, int], form: str = "JPEG") -> Media:
    path = tmp_path / f"{size[0]}x{size[1]}.{form}"
    Image.new("RGB", size, "teal").save(path, form)
    return Media(path, f"image/{form.lower()}", "Un guichet", url="https://fin.example/a")


def film(tmp_path: Path, seconds: float | None = 10) -> Media:
    (tmp_path / "film.mp4").write_bytes(MP4)
    return Media(tmp_path / "film.mp4", "video/mp4", "Un film", seconds=seconds)


def codes(network: str, *media: Media) -> list[tuple[str, str]]:
    can = NETWORKS[network].capabilities
    found = problems(Draft("x", "fr", media), can, 1, "x")
    return [(one.field, one.code) for one in found if one.code not in ("captions_missing", "title_missing")]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(1, 1), (300, 20), (7, 2000)])
def test_a_picture_is_measured_by_its_head(size: tuple[int, int], form: str, tmp_path: Path) -> None:
    media = drawn(tmp_path, size, form)
    assert size_of(media.path, media.mime) == size


def test_progressive_pictures_and_films_are_measured_and_anything_else_is_not(tmp_path: Path) -> None:
    Image.new("RGB", (31, 17)).save(tmp_path / "a.jpg", progressive=True, comment=b"x" * 5000)
    assert size_of(tmp_path / "a.jpg", "image/jpeg") == (31, 17)
    assert size_of(film(tmp_path).path, "video/mp4") == (320, 240)
    for raw in (b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\0\0", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x08moov", b"\0" * 64):
        (tmp_path / "b").write_bytes(raw)
        for mime in ("image/jpeg", "image/png", "video/mp4", "video/webm"):
            assert size_of(tmp_path / "b", mime) is None
    assert size_of(tmp_path / "gone", "image/png") is None


@pytest.mark.parametrize(
    ("size", "fits"),
    [((800, 1000), True), ((780, 1000), False), ((1200, 628), True), ((1930, 1000), False), ((100, 1000), False)],
)
def test_a_picture_for_instagram_has_a_shape_that_it_takes(size: tuple[int, int], fits: bool, tmp_path: Path) -> None:
    found = codes("instagram", drawn(tmp_path, size))
    assert found == ([] if fits else [("media.0", "media_shape")])
    assert codes("mastodon", drawn(tmp_path, size)) == []


@pytest.mark.parametrize(("network", "least"), [("instagram", 3), ("linkedin", 3), ("x", 0.5)])
def test_a_film_lasts_as_long_as_its_network_wants(network: str, least: float, tmp_path: Path) -> None:
    clip = film(tmp_path)
    assert codes(network, replace(clip, seconds=least)) == []
    assert codes(network, replace(clip, seconds=0.2)) == [("media.0", "media_too_short")]
    assert codes("mastodon", replace(clip, seconds=0.2)) == []


def test_only_instagram_takes_films_and_pictures_together(tmp_path: Path) -> None:
    both = film(tmp_path), drawn(tmp_path, (100, 100))
    assert codes("instagram", *both) == []
    for network in ("mastodon", "bluesky", "x", "linkedin", "facebook"):
        assert ("media.0", "video_not_alone") in codes(network, *both)
