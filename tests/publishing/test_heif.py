"""HEIC files are put together out of parts, and what that costs is told before a decoder opens them."""

from __future__ import annotations

import io
import struct
from functools import partial

import pytest

from organisation.lifecycle import Refused
from publishing.content.boxes import Malformed
from publishing.content.heif import pixels_told
from publishing.content.images import reencode
from tests.costs import lines_of
from tests.factories.heics import box, grid
from tests.factories.pictures import heic, plain

MOST = 600_000_000


def test_a_picture_of_tiles_is_read_as_phones_write_it() -> None:
    safe = reencode(io.BytesIO(grid(512, 8)))
    assert (safe.mime, safe.width, safe.height) == ("image/jpeg", 512, 512)


def test_what_is_decoded_is_told_by_the_tables() -> None:
    assert pixels_told(heic(plain("RGB", (200, 30, 40), (80, 64))), MOST) == 5120
    assert pixels_told(grid(512, 8), MOST) == 512 * 512
    assert pixels_told(grid(64, 8), MOST) == 512 * 512, "of which it shows a corner"
    assert pixels_told(grid(64, 2, levels=3), MOST) == 4**3 * 64 * 64
    assert pixels_told(grid(64, 2, levels=3), 1000) == 1001


@pytest.mark.longer
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(grid(64, 2, levels=20), id="a tower of parts, of 6 kB"),
        pytest.param(grid(64, 250), id="many tiles that nobody sees"),
    ],
)
def test_what_asks_for_more_than_it_shows_is_refused_before_it_is_opened(raw: bytes) -> None:
    with pytest.raises(Refused, match="far more work") as told:
        reencode(io.BytesIO(raw.replace(struct.pack(">II", 64, 64), struct.pack(">II", 2000, 2000))))
    assert told.value.field == "image"


def test_a_picture_that_is_part_of_itself_is_refused() -> None:
    itself = grid(64, 1).replace(struct.pack(">HHH", 2, 1, 1), struct.pack(">HHH", 2, 1, 2))
    assert pixels_told(itself, MOST) == MOST + 1
    with pytest.raises(Refused, match="far more work"):
        reencode(io.BytesIO(itself))


def test_what_lies_aside_counts_too() -> None:
    """Transparent parts are a picture that names the one that it belongs to."""
    aside = box(b"auxl", struct.pack(">HHH", 1, 1, 2))
    sizes = box(b"ipco", box(b"ispe", struct.pack(">II", 100, 50), full=0))
    has = box(b"ipma", struct.pack(">IHBBHBB", 2, 1, 1, 1, 2, 1, 1), full=0)
    raw = box(b"meta", box(b"iref", aside, full=0), box(b"iprp", sizes, has), full=0)
    assert pixels_told(raw, MOST) == 10_000


def test_tables_that_promise_more_than_they_hold_are_none() -> None:
    for wrong in (
        box(b"iref", box(b"dimg", struct.pack(">HHH", 1, 9, 1)), full=0),
        box(b"iprp", box(b"ipma", struct.pack(">I", 1_000_000_000), full=0)),
        box(b"iref", b"\xff" * 9, full=0),
    ):
        with pytest.raises(Malformed):
            pixels_told(box(b"meta", wrong, full=0), MOST)


@pytest.mark.longer
def test_twice_as_many_parts_cost_twice_as_much() -> None:
    files = [grid(64, 12, levels=level) for level in (2, 4)]
    one, two = (lines_of(partial(pixels_told, raw, MOST)) for raw in files)
    assert two < 3 * one
