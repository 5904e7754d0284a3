"""An MP4 film without what tells where, when, with what and by whom it was filmed. Nothing else of it changes.

What a player needs is kept by name; every other box is emptied in place, so that no offset moves. A track that is
neither picture nor sound (a camera writes its positions into one) is emptied with all its samples.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, cast

from networks.allowance import Allowance, Exhausted, Metered
from publishing.content.boxes import Box, Malformed, blank, boxes, empty, read

BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1", b"M4V ")
HEADER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 "
# What stays, by the box that it stands in; those that stand here as a key are looked into.
KEPT: dict[bytes, tuple[bytes, ...]] = {
    b"moov": (b"mvhd", b"trak"),
    b"trak": (b"tkhd", b"edts", b"mdia"),
    b"mdia": (b"mdhd", b"hdlr", b"minf"),
    b"minf": (b"vmhd", b"smhd", b"dinf", b"stbl"),
    b"stbl": tuple(b"stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh sdtp sbgp sgpd subs".split()),
}
LARGEST_TABLE = 64_000_000
MOST_RANGES = 500_000  # places apart from one another that a track may fill
SLICE = 1 << 16
# A film is read around its data, and no byte of it is blanked twice: far less than this for each byte of it.
STEPS_A_BYTE, OCTETS_A_BYTE = 0.5, 3


@dataclass(frozen=True, slots=True)
class Film:
    """Length in seconds, the size of its picture in pixels, and whether one hears anything."""

    seconds: float
    width: int
    height: int
    sounds: bool


class Fragmented(Exception):
    """Cut into pieces for streaming: its length and its tracks are not told in one place."""


def strip_metadata(file: BinaryIO, size: int) -> Film:
    """Takes out of `file` (of `size` bytes, writable) what tells of its making. Malformed where it is no MP4.

    Exhausted where its own numbers ask for more work than `size` is worth.
    """
    file = cast("BinaryIO", Metered(file, Allowance.of(size, steps=STEPS_A_BYTE, octets=OCTETS_A_BYTE)))
    top = list(boxes(file, 0, size))
    if not top or top[0].kind != b"ftyp" or [one.kind for one in top].count(b"moov") != 1:
        raise Malformed
    _require_plain_type(file, top[0])
    if any(one.kind == b"moof" for one in top):
        raise Fragmented
    if not any(one.kind == b"mdat" for one in top):
        raise Malformed
    movie = next(one for one in top if one.kind == b"moov")
    film = _film(file, movie)
    for other in top:
        if other.kind not in (b"ftyp", b"moov", b"mdat"):
            empty(file, other)
    _blank_samples(file, movie, [(one.body, one.end) for one in top if one.kind == b"mdat"])
    _keep_known(file, movie)
    return film


def _require_plain_type(file: BinaryIO, box: Box) -> None:
    """The first bytes of the file are its type and nothing that could be read as something else."""
    if not 8 <= box.size <= 128 or box.size % 4:
        raise Malformed
    told = read(file, box.body, box.size)
    brands = [told[at : at + 4] for at in range(0, len(told), 4) if at != 4]
    if not any(brand in BRANDS for brand in brands) or brands[0] == b"qt  ":
        raise Malformed
    if any(sign not in HEADER for brand in brands for sign in brand):
        raise Malformed


def _film(file: BinaryIO, movie: Box) -> Film:
    inside = list(boxes(file, movie.body, movie.end))
    if any(one.kind == b"mvex" for one in inside):
        raise Fragmented
    heads = [one for one in inside if one.kind == b"mvhd"]
    pictures = [one for one in inside if one.kind == b"trak" and handler(file, one) == b"vide"]
    if len(heads) != 1 or not pictures:
        raise Malformed
    version = read(file, heads[0].body, 1)[0]
    scale, length = (
        struct.unpack(">IQ", read(file, heads[0].body + 20, 12))
        if version == 1
        else struct.unpack(">II", read(file, heads[0].body + 12, 8))
    )
    if not scale or not length:
        raise Malformed
    head = only(file, pictures[0], b"tkhd")
    width, height = struct.unpack(">II", read(file, head.end - 8, 8))
    sounds = any(handler(file, one) == b"soun" for one in inside if one.kind == b"trak")
    return Film(length / scale, width >> 16, height >> 16, sounds)


def _keep_known(file: BinaryIO, parent: Box) -> None:
    for box in list(boxes(file, parent.body, parent.end)):
        if box.kind not in KEPT[parent.kind] or (box.kind == b"trak" and _goes(file, box)):
            empty(file, box)
        elif box.kind in KEPT:
            _keep_known(file, box)
        elif box.kind in (b"mvhd", b"tkhd", b"mdhd"):
            _forget_when(file, box)
        elif box.kind == b"hdlr" and box.size > 24:
            blank(file, box.body + 24, box.end)  # the name that the camera's maker gave the track
        elif box.kind == b"stsd":
            _forget_encoder(file, box)


def _forget_when(file: BinaryIO, head: Box) -> None:
    """When it was made and changed."""
    long = read(file, head.body, 1)[0] == 1
    blank(file, head.body + 4, head.body + (20 if long else 12))


def _forget_encoder(file: BinaryIO, table: Box) -> None:
    """The 32 bytes in which a camera names itself, in the entry of a picture."""
    for entry in boxes(file, table.body + 8, table.end):
        if entry.size >= 78 and _is_picture(entry.kind):
            blank(file, entry.body + 42, entry.body + 74)


def _is_picture(kind: bytes) -> bool:
    return kind[:3] in (b"avc", b"hvc", b"hev", b"av0", b"vp0", b"mp4") and kind not in (b"mp4a", b"mp4s")


def _goes(file: BinaryIO, track: Box) -> bool:
    """Neither picture nor sound."""
    return handler(file, track) not in (b"vide", b"soun")


def handler(file: BinaryIO, track: Box) -> bytes:
    """What a track holds, by its handler; empty where it does not say."""
    media = [one for one in boxes(file, track.body, track.end) if one.kind == b"mdia"]
    found = [one for each in media for one in boxes(file, each.body, each.end) if one.kind == b"hdlr"]
    return read(file, found[0].body + 8, 4) if len(found) == 1 and found[0].size >= 12 else b""


def only(file: BinaryIO, parent: Box, *path: bytes) -> Box:
    """The box at the end of `path`. Malformed where there is none."""
    for kind in path:
        parent = next((one for one in boxes(file, parent.body, parent.end) if one.kind == kind), Box(b"", 0, 0, 0))
        if not parent.kind:
            raise Malformed
    return parent


# ---- The samples of the tracks that go ------------------------------------------------------------------------------
Range = tuple[int, int]


def _blank_samples(file: BinaryIO, movie: Box, data: list[Range]) -> None:
    """Zeros over the bytes of every sample of a track that goes, each byte once. Malformed where one is not in `data`.

    Chunks may lie upon one another: what is written is their union, which is no larger than the file.
    """
    ranges: list[Range] = []
    for track in boxes(file, movie.body, movie.end):
        if track.kind == b"trak" and _goes(file, track):
            for start, end in _joined(_chunks(file, only(file, track, b"mdia", b"minf", b"stbl"))):
                ranges.append((start, end))
                if len(ranges) > MOST_RANGES:
                    raise Exhausted
    within = iter(sorted(data))
    begins, ends = next(within)
    for start, end in _joined(sorted(ranges)):
        while end > ends:
            begins, ends = next(within, (end, end))
        if start < begins:
            raise Malformed
        blank(file, start, end)


def _joined(ranges: Iterable[Range]) -> Iterator[Range]:
    """Those that touch or overlap their neighbour as one."""
    last: Range | None = None
    for start, end in ranges:
        if last and last[0] <= start <= last[1]:
            last = last[0], max(last[1], end)
        else:
            if last:
                yield last
            last = start, end
    if last:
        yield last


def _chunks(file: BinaryIO, table: Box) -> Iterator[Range]:
    """Where each chunk of samples begins and ends: its tables are read side by side, once."""
    inside = {one.kind: one for one in boxes(file, table.body, table.end)}
    if not {b"stsc", b"stsz"} <= set(inside) or not {b"stco", b"co64"} & set(inside):
        raise Malformed
    long = b"co64" in inside
    places = _rows(file, inside[b"co64" if long else b"stco"], ">Q" if long else ">I")
    runs = _rows(file, inside[b"stsc"], ">III")
    sizes = _sizes(file, inside[b"stsz"])
    held, coming = 0, next(runs, None)
    for number, (place,) in enumerate(places, start=1):
        while coming and coming[0] <= number:
            held, coming = coming[1], next(runs, None)
        yield place, place + sizes.of_next(held)


class _Sizes:
    """Of the samples in their order."""

    def __init__(self, same: int, each: Iterator[tuple[int, ...]]) -> None:
        self._same, self._each = same, each

    def of_next(self, samples: int) -> int:
        """Of so many together; what the table no longer tells takes no room."""
        return self._same * samples if self._same else sum(size for (size,) in islice(self._each, samples))


def _sizes(file: BinaryIO, box: Box) -> _Sizes:
    """The size that all samples have (0: each its own), and those of each."""
    (same,) = struct.unpack(">I", read(file, box.body + 4, 4))
    return _Sizes(same, iter(()) if same else _rows(file, box, ">I", skipped=4))


def _rows(file: BinaryIO, box: Box, row: str, *, skipped: int = 0) -> Iterator[tuple[int, ...]]:
    """The rows of a table, read slice by slice. `skipped` bytes stand before the number of them."""
    at, width = box.body + 8 + skipped, struct.calcsize(row)
    (count,) = struct.unpack(">I", read(file, at - 4, 4))
    if count * width > min(box.end - at, LARGEST_TABLE):
        raise Malformed
    end = at + count * width
    allowance = cast("Metered", file).allowance
    while at < end:
        size = min(SLICE // width * width, end - at)
        for one in struct.iter_unpack(row, read(file, at, size)):
            allowance.spend()
            yield one
        at += size
