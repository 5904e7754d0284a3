"""Pictures of known colours, in spaces and depths that cameras and printers use; and profiles to say so."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image

Triple = tuple[float, float, float]
D50: Triple = (0.9642, 1.0, 0.8249)
# Red, green and blue as seen under D50.
DISPLAY_P3: tuple[Triple, Triple, Triple] = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
# What each corner of a CMYK cube looks like on paper, in CIE Lab; corners that are not named are black.
INKS: dict[tuple[int, int, int, int], Triple] = {
    (0, 0, 0, 0): (100, 0, 0),
    (1, 0, 0, 0): (55, -37, -50),
    (0, 1, 0, 0): (48, 74, -3),
    (0, 0, 1, 0): (89, -5, 93),
    (1, 1, 0, 0): (24, 22, -46),
    (1, 0, 1, 0): (50, -68, 33),
    (0, 1, 1, 0): (47, 68, 48),
}


def p3_profile() -> bytes:
    """A matrix of Display P3 with a plain gamma of 2.2."""
    tags = {b"wtpt": _xyz(D50), **dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, DISPLAY_P3), strict=True))}
    curve = struct.pack(">4sIIH", b"curv", 0, 1, round(2.2 * 256)) + b"\0\0"
    return _profile(b"mntr", b"RGB ", b"XYZ ", {**tags, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})


def ink_profile() -> bytes:
    """A printer with the inks above: a table of two steps a colour."""
    straight = bytes(range(256))
    corners = ((c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1))
    table = b"".join(_lab8(INKS.get(corner, (5, 0, 0))) for corner in corners)
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = struct.pack(">4sIBBBB", b"mft1", 0, 4, 3, 2, 0) + matrix + straight * 4 + table + straight * 3
    tags = {b"wtpt": _xyz(D50), b"A2B0": lut, b"A2B1": lut, b"A2B2": lut}
    return _profile(b"prtr", b"CMYK", b"Lab ", tags)


def _xyz(value: Triple) -> bytes:
    return struct.pack(">4sI3i", b"XYZ ", 0, *(round(one * 65536) for one in value))


def _lab8(value: Triple) -> bytes:
    light, a, b = value
    return bytes([round(light * 2.55), round(a) + 128, round(b) + 128])


def _profile(kind: bytes, space: bytes, between: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"desc": struct.pack(">4sII", b"desc", 0, 5) + b"test\0" + b"\0" * 79, b"cprt": b"text\0\0\0\0x\0", **tags}
    place, table, data = 132 + 12 * len(tags), b"", b""
    for name, bare in tags.items():
        raw = bare + b"\0" * (-len(bare) % 4)
        table += struct.pack(">4sII", name, place + len(data), len(raw))
        data += raw
    size = place + len(data)
    head = struct.pack(">I4sI4s4s4s", size, b"test", 0x02400000, kind, space, between) + b"\0" * 12 + b"acsp"
    head += b"\0" * 28 + struct.pack(">3i", *(round(one * 65536) for one in D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def plain(mode: str, colour: Any, size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.new(mode, size, colour)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, form, **options)
    return target.getvalue()


def heic(picture: Image.Image, **options: Any) -> bytes:
    target = io.BytesIO()
    pillow_heif.from_pillow(picture).save(target, quality=95, **options)
    return target.getvalue()


def deep_png(*colour: int, size: tuple[int, int] = (32, 24), alpha: bool = False) -> bytes:
    """One colour at 16 bits each: grey for one number, RGB for three; with `alpha` the last one is that."""
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[len(colour)]
    assert alpha == (kind in (4, 6))
    row = b"\0" + struct.pack(f">{len(colour)}H", *colour) * size[0]
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 16, kind, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(row * size[1]))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def quarters(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Red, green; blue, white: what is turned or mirrored shows."""
    width, height = size
    whole = Image.new("RGB", size, "white")
    for place, colour in (((0, 0), "red"), ((width // 2, 0), "lime"), ((0, height // 2), "blue")):
        whole.paste(Image.new("RGB", (width // 2, height // 2), colour), place)
    return whole
