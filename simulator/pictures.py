"""What kind of picture some bytes are, and how large, read from the bytes alone."""

from __future__ import annotations

import struct

TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def measure(content: bytes) -> tuple[str, int, int] | None:
    """Mime type, width and height in pixels; None for what is not a JPEG, PNG, GIF or WebP picture."""
    try:
        found = _measured(content)
    except (struct.error, IndexError):
        return None
    return found if found and found[1] and found[2] else None


def _measured(content: bytes) -> tuple[str, int, int] | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", *struct.unpack(">II", content[16:24])
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif", *struct.unpack("<HH", content[6:10])
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def _jpeg(content: bytes) -> tuple[str, int, int] | None:
    position = 2
    while position < len(content):
        if content[position] != 0xFF:
            return None
        marker = content[position + 1]
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return "image/jpeg", width, height
        alone = marker == 0xFF or 0xD0 <= marker <= 0xD8
        position += 1 if marker == 0xFF else 2
        if not alone:
            position += struct.unpack(">H", content[position : position + 2])[0]
    return None


def _webp(content: bytes) -> tuple[str, int, int] | None:
    form = content[12:16]
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return "image/webp", width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return "image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        return "image/webp", width, int.from_bytes(content[27:30], "little") + 1
    return None
