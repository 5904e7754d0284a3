"""How wide and high a file is that goes along with a message: networks are told, and some take only certain shapes.

Of files that Parvis itself has written: heads are read, nothing is decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

Size = tuple[int, int]
PNG = b"\x89PNG\r\n\x1a\n"
# The heads of JPEG frames (ITU-T T.81, annex B); c4, c8 and cc in their midst are none.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MOST_PARTS = 1000


def size_of(path: Path, mime: str) -> Size | None:
    """Width and height in pixels of a JPEG, PNG or MP4; None of others, or where it does not say."""
    read = {"image/png": _png, "image/jpeg": _jpeg, "video/mp4": _mp4}.get(mime)
    try:
        with path.open("rb") as file:
            found = read(file) if read else None
    except (OSError, struct.error, IndexError):
        return None
    return found if found and all(found) else None


def _png(file: BinaryIO) -> Size | None:
    head = file.read(24)
    return struct.unpack(">II", head[16:]) if head.startswith(PNG) else None


def _jpeg(file: BinaryIO) -> Size | None:
    if file.read(2) != b"\xff\xd8":
        return None
    for _part in range(MOST_PARTS):
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            return None
        if kind in FRAMES:
            _depth, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        file.seek(length - 2, 1)
    return None


def _mp4(file: BinaryIO) -> Size | None:
    file.seek(0, 2)
    for movie in _boxes(file, 0, file.tell(), b"moov"):
        for track in _boxes(file, *movie, b"trak"):
            for _start, end in _boxes(file, *track, b"tkhd"):
                file.seek(end - 8)
                width, height = struct.unpack(">II", file.read(8))
                if width and height:
                    return width >> 16, height >> 16
    return None


def _boxes(file: BinaryIO, start: int, end: int, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Where the bodies of the boxes of a kind begin and end."""
    for _part in range(MOST_PARTS):
        if start + 8 > end:
            return
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", file.read(8))[0], 16
        if size < head:
            return
        if kind == wanted:
            yield start + head, min(start + size, end)
        start += size
