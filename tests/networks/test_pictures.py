"""A stranger's picture, to look at: made anew apart, and never the stranger's bytes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from networks import pictures
from networks.errors import Invalid


def written(form: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: Any) -> bytes:
    with io.BytesIO() as target:
        Image.new(mode, size, "red").save(target, form, **more)
        return target.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_it_is_a_jpeg_of_ours(form: str) -> None:
    raw = written(form) + b"<script>alert(1)</script>"
    made = pictures.redrawn(raw)
    assert (made.width, made.height) == (40, 30)
    assert made.content.startswith(b"\xff\xd8\xff")
    assert b"script" not in made.content
    with Image.open(io.BytesIO(made.content)) as opened:
        assert (opened.format, opened.getpixel((20, 15))[0] > 240) == ("JPEG", True)  # type: ignore[index]


def test_a_large_one_is_made_smaller_and_its_facts_are_gone() -> None:
    facts = Image.Exif()
    facts[0x0112], facts[0x010E] = 6, "Rue de la Loi 12"  # turned, and told where
    made = pictures.redrawn(written("JPEG", (2600, 1300), exif=facts))
    assert (made.width, made.height) == (640, 1280)
    assert b"Rue de la Loi" not in made.content


@pytest.mark.parametrize(
    "raw", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", written("TIFF"), written("PNG")[:60]]
)
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        pictures.redrawn(raw)


@pytest.mark.longer
def test_a_bomb_is_refused() -> None:
    with pytest.raises(Invalid):
        pictures.redrawn(written("PNG", (8000, 5000), mode="1"))


def test_a_jpeg_that_tells_its_pixels_over_and_over_is_refused() -> None:
    raw = written("JPEG", (2000, 2000), mode="L", progressive=True)
    *before, last = raw.split(pictures.SCAN)
    assert pictures.redrawn(raw).width == 1280
    with pytest.raises(Invalid):
        pictures.redrawn(pictures.SCAN.join([*before, *[last[:-2]] * 300, last]))
