"""The boxes of an MP4 file (ISO/IEC 14496-12), read and overwritten where they stand."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_BOXES = 20_000
CHUNK = 1 << 20


class Malformed(Exception):
    """The bytes are not what their own headers promise."""


@dataclass(frozen=True, slots=True)
class Box:
    """`start` is where its header begins, `body` where that ends, `end` where the next box begins."""

    kind: bytes
    start: int
    body: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.body


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill `start` to `end` without a byte between them. Raises Malformed where they do not."""
    at, count = start, 0
    while at < end:
        count += 1
        if count > MOST_BOXES or end - at < 8:
            raise Malformed
        size, kind = struct.unpack(">I4s", read(file, at, 8))
        body = at + 8
        if size == 1:
            size, body = struct.unpack(">Q", read(file, body, 8))[0], at + 16
        elif size == 0:
            size = end - at
        if at + size > end or at + size < body:
            raise Malformed
        yield Box(kind, at, body, at + size)
        at += size


def read(file: BinaryIO, at: int, size: int) -> bytes:
    """Exactly `size` bytes from `at`. Raises Malformed where the file is over before."""
    file.seek(at)
    found = file.read(size)
    if len(found) != size:
        raise Malformed
    return found


def blank(file: BinaryIO, start: int, end: int) -> None:
    """Zeros over everything from `start` to `end`."""
    file.seek(start)
    while start < end:
        start += file.write(b"\0" * min(CHUNK, end - start))


def empty(file: BinaryIO, box: Box) -> None:
    """Makes of `box` one that says nothing and means nothing, in the same room."""
    file.seek(box.start + 4)
    file.write(b"free")
    blank(file, box.body, box.end)
