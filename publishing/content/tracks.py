"""What the tracks of an MP4 are made of: whether every network and browser plays them as they are."""

from __future__ import annotations

import struct
from typing import BinaryIO, cast

from networks.allowance import Allowance, Metered
from publishing.content.boxes import Box, Malformed, boxes, read
from publishing.content.mp4 import OCTETS_A_BYTE, STEPS_A_BYTE, Fragmented, handler, only

H264 = (b"avc1", b"avc3")
# Baseline, main, extended and high: eight bits a colour, a sample of colour for four pixels (ITU-T H.264, annex A).
PLAIN_PROFILES = (66, 77, 88, 100)
# Sound that players of MP4 need not know, by its name in the file; and AAC by its number behind the name of all MPEG.
ODD_SOUNDS = (
    b".mp3",
    b"mp3 ",
    b"ac-3",
    b"ec-3",
    b"alac",
    b"sowt",
    b"twos",
    b"in24",
    b"in32",
    b"lpcm",
    b"Opus",
    b"fLaC",
)
MPEG, AAC = b"mp4a", (0x40, 0x66, 0x67, 0x68)
UPRIGHT = struct.pack(">4i", 0x10000, 0, 0, 0x10000)
ENTRY_OF_PICTURE, ENTRY_OF_SOUND = 78, 28


def is_plain(file: BinaryIO, size: int) -> bool:
    """H.264 of eight bits at 4:2:0, upright, with AAC or no sound. Malformed where it is no MP4, and Fragmented."""
    file = cast("BinaryIO", Metered(file, Allowance.of(size, steps=STEPS_A_BYTE, octets=OCTETS_A_BYTE)))
    movie = next((one for one in boxes(file, 0, size) if one.kind == b"moov"), None)
    if movie is None:
        raise Malformed
    inside = list(boxes(file, movie.body, movie.end))
    if any(one.kind == b"mvex" for one in inside):
        raise Fragmented
    return all(_is_plain_track(file, one) for one in inside if one.kind == b"trak")


def _is_plain_track(file: BinaryIO, track: Box) -> bool:
    kind = handler(file, track)
    if kind not in (b"vide", b"soun"):
        return True  # it goes
    entry = _entry(file, only(file, track, b"mdia", b"minf", b"stbl", b"stsd"))
    if kind == b"soun":
        return entry.kind not in ODD_SOUNDS and (entry.kind != MPEG or _sound(file, entry) in (*AAC, None))
    return entry.kind in H264 and _profile(file, entry) in (*PLAIN_PROFILES, None) and _is_upright(file, track)


def _entry(file: BinaryIO, table: Box) -> Box:
    return next(boxes(file, table.body + 8, table.end))


def _is_upright(file: BinaryIO, track: Box) -> bool:
    """By the matrix in its head; a, b, c, d without what lies between them."""
    matrix = read(file, only(file, track, b"tkhd").end - 44, 36)
    return matrix[0:8] + matrix[12:20] == UPRIGHT


def _profile(file: BinaryIO, entry: Box) -> int | None:
    """None where it does not say."""
    settings = _part(file, entry, ENTRY_OF_PICTURE, b"avcC")
    return read(file, settings.body + 1, 1)[0] if settings else None


def _sound(file: BinaryIO, entry: Box) -> int | None:
    """What kind of MPEG sound, by the number in its description (ISO/IEC 14496-1); None where it does not say."""
    box = _part(file, entry, ENTRY_OF_SOUND, b"esds")
    if box is None or box.size > 1000:
        return None
    told = read(file, box.body + 4, box.size - 4)
    at = told.find(b"\x04", 5)  # the description of the decoder, behind the head of the stream
    while 0 <= at < len(told) - 2 and told[at + 1] == 0x80:  # lengths may be written with leading zeros
        told = told[: at + 1] + told[at + 2 :]
    return told[at + 2] if 0 < at < len(told) - 2 else None


def _part(file: BinaryIO, entry: Box, head: int, kind: bytes) -> Box | None:
    if entry.size < head:
        return None
    try:
        return next((one for one in boxes(file, entry.body + head, entry.end) if one.kind == kind), None)
    except Malformed:  # what stands there need not be boxes
        return None
