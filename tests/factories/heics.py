"""HEIC files put together out of parts, as phones and attackers write them."""

from __future__ import annotations

import struct
from itertools import pairwise

from PIL import Image

from tests.factories.pictures import heic


def box(kind: bytes, *parts: bytes, full: int | None = None) -> bytes:
    body = b"".join(parts) if full is None else struct.pack(">I", full) + b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def grid(side: int, rows: int, *, tile: int = 64, levels: int = 1) -> bytes:
    """A picture of `side` by `side` made of `rows` by `rows` tiles, all of them the same `tile` by `tile` pixels; on
    further `levels` each tile is such a picture itself."""
    plain = heic(Image.new("RGB", (tile, tile), "red"))
    at = plain.index(b"hvcC") - 4
    coding = plain[at : at + struct.unpack_from(">I", plain, at)[0]]
    content = plain[plain.index(b"mdat") + 4 :]
    count = rows * rows
    floors = [range(floor * count + 1, (floor + 1) * count + 1) for floor in range(levels)]
    floors.append(range(levels * count + 1, levels * count + 2))
    tiles, grids = list(floors[0]), [item for floor in floors[1:] for item in floor]
    parts = [(item, below) for below, floor in pairwise(floors) for item in floor]
    dimg = (box(b"dimg", struct.pack(f">HH{count}H", item, count, *below)) for item, below in parts)
    named = [*((item, b"hvc1") for item in tiles), *((item, b"grid") for item in grids)]
    infe = (box(b"infe", struct.pack(">HH4sx", item, 0, kind), full=2 << 24) for item, kind in named)
    sizes = (box(b"ispe", struct.pack(">II", one, one), full=0) for one in (tile, side))
    has = [
        *(struct.pack(">HBBB", item, 2, 0x81, 2) for item in tiles),
        *(struct.pack(">HBB", one, 1, 3) for one in grids),
    ]
    told = struct.pack(">BBBBHH", 0, 0, rows - 1, rows - 1, side, side)
    tables = [
        *(box(b"hdlr", b"\0\0\0\0pict", bytes(13), full=0), box(b"pitm", struct.pack(">H", grids[-1]), full=0)),
        *(box(b"iinf", struct.pack(">H", len(named)), *infe, full=0), box(b"iref", *dimg, full=0)),
        box(b"iprp", box(b"ipco", coding, *sizes), box(b"ipma", struct.pack(">I", len(named)), *has, full=0)),
        box(b"idat", told),
    ]

    def meta(start: int) -> bytes:
        places = [struct.pack(">HHHHII", item, 0, 0, 1, start, len(content)) for item in tiles]
        places += [struct.pack(">HHHHII", item, 1, 0, 1, 0, len(told)) for item in grids]
        return box(
            b"meta", *tables, box(b"iloc", b"\x44\0", struct.pack(">H", len(named)), *places, full=1 << 24), full=0
        )

    kind = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    return kind + meta(len(kind) + len(meta(0)) + 8) + box(b"mdat", content)
