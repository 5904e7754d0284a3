"""A film comes in the pieces that a player asks for: Safari shows none that it cannot have by ranges of bytes."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from publishing.models import Media
from tests.factories.films import MP4
from tests.factories.publishing import draft, new_image, new_video
from tests.publishing.conftest import House
from tests.thorough import thorough_after, thorough_but

pytestmark = pytest.mark.django_db
SIZE = len(MP4)
LAST = SIZE - 1
CHUNK = 4096


@pytest.fixture
def film(house: House) -> Media:
    medium = draft(house.author, house.account, new_images=[new_video()]).media.get()
    Path(medium.file.path).write_bytes(MP4)
    return medium


@pytest.fixture
def ask(house: House, film: Media) -> Any:
    client = Client()
    client.force_login(house.approver)
    return lambda **headers: client.get(reverse("publishing:video", args=[film.pk]), headers=headers)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.longer
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    thorough_after(
        5,
        [
            ("bytes=0-1", 0, 1),  # Safari's first question of every film
            ("bytes=0-", 0, LAST),
            (f"bytes=100-{SIZE + 50}", 100, LAST),
            ("bytes=-100", SIZE - 100, LAST),
            ("Bytes=3-4", 3, 4),
            ("bytes=7-7", 7, 7),
            ("bytes=100-199", 100, 199),
            (f"bytes={LAST}-", LAST, LAST),
            ("bytes=-1", LAST, LAST),
            (f"bytes=-{SIZE + 50}", 0, LAST),
        ],
        names=3,
    ),
)
def test_the_one_range_that_is_asked_for(ask: Any, asked: str, first: int, last: int) -> None:
    answer = ask(Range=asked)
    assert answer.status_code == 206
    assert body(answer) == MP4[first : last + 1]
    assert answer["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer["Content-Length"] == str(last - first + 1)
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 9}", "bytes=-0"])
def test_a_range_that_cannot_be_met_is_refused_with_the_size(ask: Any, asked: str) -> None:
    answer = ask(Range=asked)
    assert (answer.status_code, answer.content, answer["Content-Range"]) == (416, b"", f"bytes */{SIZE}")
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    "asked",
    thorough_but(
        [
            "",
            "bytes=0-1,5-6",
            "bytes=-",
            "bytes=9-3",
            "bytes=a-b",
            "bytes=--5",
            "bytes=\u0661-\u0662",
            f"bytes=0-{'9' * 5000}",
            "items=0-1",
            "0-1",
        ],
        "",
        "bytes=0-1,5-6",
        "bytes=9-3",
    ),
)
def test_several_ranges_and_nonsense_are_answered_with_the_whole(ask: Any, asked: str) -> None:
    answer = ask(**({"Range": asked} if asked else {}))
    assert answer.status_code == 200
    assert body(answer) == MP4
    assert (answer["Content-Length"], answer["Accept-Ranges"]) == (str(SIZE), "bytes")
    assert "Content-Range" not in answer


@pytest.mark.longer
def test_a_range_of_what_one_has_already_comes_only_from_the_same_film(ask: Any, film: Media) -> None:
    whole = ask()
    mark = whole["ETag"]
    assert (body(whole), mark[0]) == (MP4, '"')
    same = ask(Range="bytes=5-9", **{"If-Range": mark})
    assert (same.status_code, body(same)) == (206, MP4[5:10])
    for other in (f"W/{mark}", '"other"', "Sat, 01 Jan 2022 00:00:00 GMT"):
        answer = ask(Range="bytes=5-9", **{"If-Range": other})
        assert (answer.status_code, body(answer)) == (200, MP4), other
    Path(film.file.path).write_bytes(MP4[:-1] + b"!")
    answer = ask(Range="bytes=5-9", **{"If-Range": mark})
    assert answer["ETag"] != mark
    assert (answer.status_code, body(answer)) == (200, MP4[:-1] + b"!")


@pytest.mark.longer
@pytest.mark.parametrize("asked", ["", "bytes=1-"])
def test_a_long_film_is_never_whole_in_memory(ask: Any, film: Media, asked: str) -> None:
    with Path(film.file.path).open("r+b") as file:
        file.truncate(8_000_000)
    answer = ask(**({"Range": asked} if asked else {}))
    tracemalloc.start()
    try:
        sizes = [len(piece) for piece in answer.streaming_content]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(sizes) == 8_000_000 - len(asked[6:7])
    assert max(sizes) <= CHUNK
    assert peak < 1_000_000


@pytest.mark.longer
def test_images_and_captions_are_served_alike_and_only_to_whoever_sees_the_post(house: House, film: Media) -> None:
    image = draft(house.author, house.account, new_images=[new_image()]).media.get()
    words = film.captions.get()
    places = {
        reverse("publishing:image", args=[image.pk]): image.file,
        reverse("publishing:captions", args=[words.pk]): words.webvtt,
        reverse("publishing:video", args=[film.pk]): film.file,
    }
    client, stranger = Client(), Client()
    client.force_login(house.approver)
    stranger.force_login(house.stranger)
    for url, file in places.items():
        answer = client.get(url, headers={"Range": "bytes=2-5"})
        assert (answer.status_code, body(answer)) == (206, Path(file.path).read_bytes()[2:6])
        assert stranger.get(url, headers={"Range": "bytes=2-5"}).status_code == 404
        Path(file.path).unlink()
        assert client.get(url, headers={"Range": "bytes=2-5"}).status_code == 404
