"""An upload's own numbers never decide how long it is read: its size does. Counted in bytes moved and lines run."""

from __future__ import annotations

import contextlib
import io
import struct
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from networks.allowance import Exhausted
from networks.pictures import SCAN
from organisation.lifecycle import Refused
from publishing.content import mp4
from publishing.content.captions import parsed
from publishing.content.images import reencode
from publishing.content.videos import strip_metadata
from tests.costs import CountingFile, lines_of
from tests.factories.films import Film, Track, box, element, webm

LINES_A_BYTE = 12


@dataclass
class Hostile(Track):
    """A track that is neither picture nor sound, whose tables say what they like."""

    places: tuple[int, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()
    sizes: tuple[int, ...] = ()
    same: int = 0
    counted: int | None = None  # how many places the table says that it has

    def written(self, place: int) -> bytes:
        places = [place + one for one in self.places]
        table = box(
            b"stbl",
            box(b"stsc", struct.pack(">II", 0, len(self.runs)), *(struct.pack(">III", *one, 1) for one in self.runs)),
            box(
                b"stsz", struct.pack(">III", 0, self.same, len(self.sizes)), *(struct.pack(">I", s) for s in self.sizes)
            ),
            box(
                b"stco",
                struct.pack(">II", 0, len(places) if self.counted is None else self.counted),
                *(struct.pack(">I", one) for one in places),
            ),
        )
        handler = box(b"hdlr", struct.pack(">II", 0, 0), self.handler, b"\0" * 12, self.name)
        return box(b"trak", box(b"mdia", handler, box(b"minf", table)))


def film_with(*tracks: Track) -> bytes:
    return Film(tracks=[Track(b"vide", sample=b"picture"), *tracks]).written()


def cost(raw: bytes) -> tuple[CountingFile, int]:
    file = CountingFile(raw)

    def work() -> None:
        with contextlib.suppress(mp4.Malformed, Exhausted):
            mp4.strip_metadata(file, len(raw))

    return file, lines_of(work)


def hold(raw: bytes) -> CountingFile:
    """The cost of `raw` is in proportion to its size."""
    file, lines = cost(raw)
    assert file.moved <= 3 * len(raw) + 4096
    assert lines <= LINES_A_BYTE * len(raw) + 20_000
    return file


def test_a_run_for_each_chunk_costs_one_walk() -> None:
    """Where each chunk searches its run from the end, ten thousand of both are fifty million steps."""
    many = 10_000
    runs = tuple((number, 1) for number in range(1, many + 1))
    hold(film_with(Hostile(b"meta", places=(0,) * many, runs=runs, same=1, sample=b"x")))


def test_chunks_that_lie_upon_one_another_are_blanked_once() -> None:
    raw = film_with(Hostile(b"meta", places=(0,) * 1_000, runs=((1, 1),), same=100_000, sample=b"x" * 100_000))
    file = hold(raw)
    blanked = file.getvalue()
    assert len(blanked) == len(raw)
    assert b"xx" not in blanked
    assert b"picture" in blanked


@pytest.mark.longer
def test_many_tracks_and_many_boxes_are_no_product() -> None:
    tracks = [Hostile(b"meta", places=(0,), runs=((1, 1),), same=1, sample=b"") for _each in range(300)]
    raw = film_with(*tracks, Track(b"soun")) + box(b"free") * 15_000
    hold(raw)


counts = st.one_of(st.integers(0, 50), st.just(2**32 - 1))
numbers = st.one_of(st.integers(0, 3_000), st.just(2**31))


@pytest.mark.longer
@given(
    places=st.lists(st.integers(0, 3_000), max_size=300),
    runs=st.lists(st.tuples(numbers, numbers), max_size=50),
    sizes=st.lists(numbers, max_size=300),
    same=numbers,
    counted=st.one_of(st.none(), counts),
    tracks=st.integers(1, 6),
)
@example(places=[0] * 300, runs=[(1, 1)], sizes=[3_000] * 300, same=0, counted=None, tracks=6)
@settings(max_examples=60, deadline=None)
def test_whatever_a_film_says_it_costs_its_size(
    places: list[int], runs: list[tuple[int, int]], sizes: list[int], same: int, counted: int | None, tracks: int
) -> None:
    facts: dict[str, Any] = {"places": tuple(places), "runs": tuple(runs), "sizes": tuple(sizes), "counted": counted}
    hold(film_with(*[Hostile(b"meta", same=same, sample=b"s" * 3_000, **facts) for _each in range(tracks)]))


def test_more_work_than_the_size_is_worth_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp4, "MOST_RANGES", 3)
    raw = film_with(Hostile(b"meta", places=(0, 4, 8, 12), runs=((1, 1),), same=2, sample=b"x" * 20))
    with pytest.raises(Refused, match="far more work than its size needs") as refused:
        strip_metadata(SimpleUploadedFile("film.mp4", raw))
    assert refused.value.field == "video"


@pytest.mark.longer
@given(depth=st.integers(0, 30), many=st.integers(0, 400), key=st.sampled_from([0xAE, 0xE0, 0x1654AE6B, 0xEC, 0x4489]))
@settings(max_examples=40, deadline=None)
def test_whatever_a_webm_says_it_costs_its_size(depth: int, many: int, key: int) -> None:
    inner = element(key) * many
    for _each in range(depth):
        inner = element(key, inner)
    raw = webm(extra=inner)
    file = CountingFile(raw)
    lines = lines_of(lambda: _refused(File(file, "f.webm"), len(raw)))
    assert file.moved <= 3 * len(raw) + 4096
    assert lines <= LINES_A_BYTE * len(raw) + 20_000


def _refused(file: File[Any], size: int) -> None:
    file.size = size
    with contextlib.suppress(Refused):
        strip_metadata(file)


LINES = [
    "00:00:01.000 --> 00:00:02.000",
    "a",
    "",
    "<b>",
    "<",
    "&#1",
    " ",
    "-->",
    "\t",
    "{\\an8}",
    "x " * 20,
    "NOTE",
    "&",
]


@pytest.mark.longer
@given(unit=st.lists(st.sampled_from(LINES), min_size=1, max_size=6), joint=st.sampled_from(["\n", "", "\r\n"]))
@example(unit=["&#" + "1" * 5000], joint="\n")
@settings(max_examples=60, deadline=None)
def test_captions_cost_their_length(unit: list[str], joint: str) -> None:
    def read(times: int) -> int:
        raw = ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + joint.join(unit * times)).encode()
        return lines_of(lambda: _captions(raw))

    once, twice = read(40), read(80)
    assert twice <= 2.2 * once + 500


def _captions(raw: bytes) -> None:
    with contextlib.suppress(Refused):
        parsed(SimpleUploadedFile("c.vtt", raw))


@pytest.mark.longer
def test_a_picture_told_over_and_over_is_refused() -> None:
    """A progressive JPEG may tell its pixels a thousand times: so many times as many steps as pixels."""
    target = io.BytesIO()
    Image.new("RGB", (5_000, 5_000)).save(target, "JPEG", progressive=True)
    raw = target.getvalue()
    reencode(io.BytesIO(raw))
    with pytest.raises(Refused, match="far more work than its size needs"):
        reencode(io.BytesIO(raw[:-2] + (SCAN + b"\0\x08\x01\x01\0\0\x3f\0") * 100 + raw[-2:]))
