"""What it costs to decode a HEIC file, told by its own tables before a decoder opens them (ISO/IEC 23008-12).

A picture may be put together out of others, and those out of others: a few thousand bytes then ask for any number of
pixels, however small the picture is in the end.
"""

from __future__ import annotations

import io
import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from publishing.content.boxes import Box, Malformed, boxes

FLAGS = 4  # bytes of version and flags, where a box has them
ASIDE = b"auxl"  # what a picture has beside itself: its transparent parts, its depth
MADE_OF = b"dimg"


@dataclass(slots=True)
class _Tables:
    """`pixels` of each item by its own size; `parts` are the items that are decoded for it, `whole` those of which it
    is put together and nothing else."""

    pixels: dict[int, int] = field(default_factory=dict)
    parts: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    made: set[int] = field(default_factory=set)


def pixels_told(raw: bytes, most: int) -> int:
    """How many pixels are decoded for the dearest picture in `raw`, in so far as they are no more than `most`; one more
    than that where there are more, or where a picture is part of itself. Raises Malformed."""
    file, dearest = io.BytesIO(raw), 0
    for meta in _metas(file, len(raw)):
        tables = _read(file, meta)
        known: dict[int, int] = {}
        for item in [*tables.pixels, *tables.parts]:
            dearest = max(dearest, _cost(item, tables, known, most))
    return dearest


def _metas(file: BinaryIO, size: int) -> Iterator[Box]:
    try:
        yield from (box for box in boxes(file, 0, size) if box.kind == b"meta")
    except Malformed:  # behind what is read
        return


def _cost(asked: int, tables: _Tables, known: dict[int, int], most: int) -> int:
    """Of what hangs together each once; it goes down without calling itself, however deep that is."""
    path, within = [(asked, iter(tables.parts[asked]))], {asked}
    while path:
        item, parts = path[-1]
        part = next((one for one in parts if one not in known), None)
        if part in within:
            return most + 1
        if part is not None:
            path.append((part, iter(tables.parts[part])))
            within.add(part)
            continue
        own = 0 if item in tables.made else tables.pixels.get(item, most)
        known[item] = min(most + 1, own + sum(known[one] for one in tables.parts[item]))
        within.discard(item)
        path.pop()
    return known[asked]


# ---- Tables ---------------------------------------------------------------------------------------------------------
def _read(file: BinaryIO, meta: Box) -> _Tables:
    tables = _Tables()
    for box in boxes(file, meta.body + FLAGS, meta.end):
        if box.kind == b"iref":
            _read_references(file, box, tables)
        elif box.kind == b"iprp":
            _read_sizes(file, box, tables)
    return tables


def _read_references(file: BinaryIO, box: Box, tables: _Tables) -> None:
    name = "I" if _content(file, box)[0] else "H"
    width = struct.calcsize(name)
    for reference in boxes(file, box.body + FLAGS, box.end):
        told = _content(file, reference)
        item, count = _numbers(told, f">{name}H")
        others = _numbers(told, f">{count}{name}", width + 2)
        if reference.kind == MADE_OF:
            tables.parts[item] += others
            tables.made.add(item)
        elif reference.kind == ASIDE:
            for other in others:
                tables.parts[other].append(item)


def _read_sizes(file: BinaryIO, box: Box, tables: _Tables) -> None:
    """By the properties that items are said to have, counted from one."""
    inner = list(boxes(file, box.body, box.end))
    properties = [one for place in inner if place.kind == b"ipco" for one in boxes(file, place.body, place.end)]
    areas = {number: _area(_content(file, one)) for number, one in enumerate(properties, 1) if one.kind == b"ispe"}
    for told in (_content(file, one) for one in inner if one.kind == b"ipma"):
        for item, number in _said(told):
            if number in areas:
                tables.pixels[item] = max(areas[number], tables.pixels.get(item, 0))


def _area(told: bytes) -> int:
    width, height = _numbers(told, ">II", FLAGS)
    return width * height


def _said(told: bytes) -> Iterator[tuple[int, int]]:
    """Which item has which property."""
    item_form = ">IB" if told[0] else ">HB"
    form, width = (">H", 2) if told[3] & 1 else (">B", 1)
    (left,) = _numbers(told, ">I", FLAGS)
    at = FLAGS + 4
    for _item in range(left):
        item, count = _numbers(told, item_form, at)
        at += struct.calcsize(item_form)
        for _property in range(count):
            (number,) = _numbers(told, form, at)
            at += width
            yield item, number & (0x7FFF if width == 2 else 0x7F)


def _content(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.body)
    told = file.read(box.size)
    if len(told) < FLAGS:
        raise Malformed
    return told


def _numbers(told: bytes, form: str, at: int = 0) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, told, at)
    except struct.error:
        raise Malformed from None
