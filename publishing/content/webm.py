"""A WebM film without what tells where, when and with what it was filmed. Nothing else of it changes.

WebM is EBML (RFC 8794): elements of an id, a size and a body. What says more than a player needs becomes a void of the
same length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from networks.allowance import Allowance, Metered
from publishing.content.boxes import MOST_BOXES, Malformed, blank, read
from publishing.content.mp4 import OCTETS_A_BYTE, STEPS_A_BYTE, Film

HEAD, DOCTYPE = 0x1A45DFA3, 0x4282
SEGMENT, INFO, TRACKS, CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
KEPT_IN_SEGMENT = (0x114D9B74, INFO, TRACKS, CLUSTER, 0x1C53BB6B)  # besides: where things are, and the cues
SCALE, DURATION, MUXER, WRITER = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
KEPT_IN_INFO = (SCALE, DURATION, MUXER, WRITER)
ENTRY, KIND, VIDEO, WIDTH, HEIGHT = 0xAE, 0x83, 0xE0, 0xB0, 0xBA
NAMES_IN_ENTRY = (0x536E, 0x258688, 0x26B240, 0x3B4040)  # of the track, of the codec and whence it came
PICTURE, SOUND = 1, 2


@dataclass(frozen=True, slots=True)
class Element:
    id: int
    start: int
    body: int
    end: int


def strip_metadata(file: BinaryIO, size: int) -> Film:
    """Takes out of `file` (of `size` bytes, writable) what tells of its making. Malformed where it is no WebM.

    Exhausted where its own numbers ask for more work than `size` is worth.
    """
    file = cast("BinaryIO", Metered(file, Allowance.of(size, steps=STEPS_A_BYTE, octets=OCTETS_A_BYTE)))
    top = list(elements(file, 0, size))
    if [one.id for one in top] != [HEAD, SEGMENT] or top[0].end - top[0].body > 128:
        raise Malformed
    types = [one for one in elements(file, top[0].body, top[0].end) if one.id == DOCTYPE]
    if len(types) != 1 or _body(file, types[0]) != b"webm":
        raise Malformed
    inside = list(elements(file, top[1].body, top[1].end))
    film = _film(file, inside)
    for one in inside:
        if one.id not in KEPT_IN_SEGMENT:
            _void(file, one)
        elif one.id == INFO:
            _keep_length_only(file, one)
        elif one.id == TRACKS:
            _forget_names(file, one)
    return film


def elements(file: BinaryIO, start: int, end: int) -> Iterator[Element]:
    """The elements that fill `start` to `end`; the segment alone may leave its size open, and ends with the file."""
    at, count = start, 0
    while at < end:
        count += 1
        if count > MOST_BOXES:
            raise Malformed
        key, place = _number(file, at, end, 4, keep_marker=True)
        size, body = _number(file, place, end, 8)
        if size < 0:
            if key != SEGMENT:
                raise Malformed
            size = end - body
        if body + size > end:
            raise Malformed
        yield Element(key, at, body, body + size)
        at = body + size


def _number(file: BinaryIO, at: int, end: int, most: int, *, keep_marker: bool = False) -> tuple[int, int]:
    """The number at `at` and where it ends; -1 for a size that is left open."""
    first = read(file, at, 1)[0]
    length = 9 - first.bit_length()
    if length > most or at + length > end:
        raise Malformed
    whole = int.from_bytes(read(file, at, length))
    if keep_marker:
        return whole, at + length
    value = whole & ((1 << 7 * length) - 1)
    return (-1 if value == (1 << 7 * length) - 1 else value), at + length


def _film(file: BinaryIO, inside: list[Element]) -> Film:
    infos = [one for one in inside if one.id == INFO]
    tracks = [one for one in inside if one.id == TRACKS]
    if len(infos) != 1 or len(tracks) != 1 or not any(one.id == CLUSTER for one in inside):
        raise Malformed
    told = {one.id: one for one in elements(file, infos[0].body, infos[0].end)}
    if DURATION not in told:
        raise Malformed
    scale = _unsigned(file, told[SCALE]) if SCALE in told else 1_000_000
    width, height, sounds = _picture(file, tracks[0])
    seconds = _float(file, told[DURATION]) * scale / 1e9
    if not 0 < seconds < 1e6:
        raise Malformed
    return Film(seconds, width, height, sounds)


def _picture(file: BinaryIO, tracks: Element) -> tuple[int, int, bool]:
    """Width, height, and whether there is a sound. Malformed where there is no picture, or a track is neither."""
    size, sounds = None, False
    for entry in elements(file, tracks.body, tracks.end):
        if entry.id != ENTRY:
            continue
        told = {one.id: one for one in elements(file, entry.body, entry.end)}
        kind = _unsigned(file, told[KIND]) if KIND in told else 0
        if kind not in (PICTURE, SOUND):
            raise Malformed
        sounds = sounds or kind == SOUND
        if kind == PICTURE and VIDEO in told:
            shape = {one.id: one for one in elements(file, told[VIDEO].body, told[VIDEO].end)}
            if WIDTH in shape and HEIGHT in shape:
                size = _unsigned(file, shape[WIDTH]), _unsigned(file, shape[HEIGHT])
    if size is None:
        raise Malformed
    return *size, sounds


def _keep_length_only(file: BinaryIO, info: Element) -> None:
    for one in list(elements(file, info.body, info.end)):
        if one.id in (MUXER, WRITER):
            blank(file, one.body, one.end)  # a player asks for them; empty will do
        elif one.id not in KEPT_IN_INFO:
            _void(file, one)


def _forget_names(file: BinaryIO, tracks: Element) -> None:
    for entry in list(elements(file, tracks.body, tracks.end)):
        for one in list(elements(file, entry.body, entry.end)) if entry.id == ENTRY else ():
            if one.id in NAMES_IN_ENTRY:
                _void(file, one)


def _void(file: BinaryIO, element: Element) -> None:
    """An element of the same length that says nothing."""
    room = element.end - element.start
    head = bytes([0xEC, 0x80 | (room - 2)]) if room < 9 else b"\xec\x01" + (room - 9).to_bytes(7)
    file.seek(element.start)
    file.write(head)
    blank(file, element.start + len(head), element.end)


def _body(file: BinaryIO, element: Element) -> bytes:
    if element.end - element.body > 64:
        raise Malformed
    return read(file, element.body, element.end - element.body)


def _unsigned(file: BinaryIO, element: Element) -> int:
    found = _body(file, element)
    if len(found) > 8:
        raise Malformed
    return int.from_bytes(found)


def _float(file: BinaryIO, element: Element) -> float:
    found = _body(file, element)
    if len(found) not in (4, 8):
        raise Malformed
    (value,) = struct.unpack(">f" if len(found) == 4 else ">d", found)
    return float(value)
