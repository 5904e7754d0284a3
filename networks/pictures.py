"""A stranger's picture, to look at: decoded, shrunk and written anew in a process of its own, which may be killed.

Nothing of what was sent survives but pixels: no name, no declared type, no bytes that hide behind a picture.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from networks.apart import Busy, Limits, Readers, Told, preload
from networks.errors import Invalid, Unavailable

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
BYTES = 8 * 1024 * 1024
PIXELS = 30_000_000
# A JPEG may tell its pixels over and over, each time a little sharper: ten times is usual, and each costs the same.
TIMES_TOLD = 20
SCAN = b"\xff\xda"
LONGEST_SIDE = 1280
QUALITY = 80

viewed = Readers(Limits(memory=1 << 30, processor=20, patience=30, answer=4 << 20, readings=20), at_once=2, wait=20)
preload("networks.pictures")


@dataclass(frozen=True, slots=True)
class Shown:
    """A JPEG of ours, and its size in pixels."""

    content: bytes
    width: int
    height: int


def redrawn(raw: bytes) -> Shown:
    """`raw` as a still JPEG no larger than `LONGEST_SIDE`. `Invalid` where it is no picture that we read, or asks for
    more work than its size needs; `Unavailable` where no turn came."""
    try:
        answer = viewed.ask(_work, raw)
    except Busy:
        raise Unavailable("others are being read") from None
    if answer is None or "width" not in answer[0]:
        raise Invalid("picture", "not a picture that can be read")
    told, content = answer
    return Shown(content, int(told["width"]), int(told["height"]))


def pixels_told(opened: Image.Image, raw: bytes) -> int:
    """How many pixels `raw` tells of the picture that it was `opened` as, before any of them is decoded."""
    scans = raw.count(SCAN) if opened.format in ("JPEG", "MPO") else 1
    return opened.width * opened.height * scans


def _work(raw: bytes) -> tuple[Told, bytes]:
    """In the child."""
    try:
        picture = _decoded(raw)
    except Exception:  # whatever a hostile file makes a decoder say
        return {}, b""
    with io.BytesIO() as target:
        picture.save(target, "JPEG", quality=QUALITY, optimize=True)
        return {"width": picture.width, "height": picture.height}, target.getvalue()


def _decoded(raw: bytes) -> Image.Image:
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        if opened.width * opened.height > PIXELS or pixels_told(opened, raw) > TIMES_TOLD * PIXELS:
            raise ValueError("too many pixels")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    return ground
