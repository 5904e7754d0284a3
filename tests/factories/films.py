"""Small films made of boxes and elements: as much of an MP4 or WebM as a reader looks at. Nothing in them plays."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


@dataclass
class Track:
    """`handler` is what it holds; its samples are `sample`, once, at `place` in the file."""

    handler: bytes
    name: bytes = b"A maker's name\0"
    sample: bytes = b"sample"
    inside: bytes = b""

    def written(self, place: int) -> bytes:
        head = box(
            b"tkhd",
            struct.pack(">IIIII", 7, 111, 222, 1, 0),
            b"\0" * 24,
            MATRIX,
            struct.pack(">II", 320 << 16, 240 << 16),
        )
        entry = box(b"avc1", b"\0" * 42, b"\x0cSecretCodec".ljust(32, b"\0"), b"\0" * 4)
        table = box(
            b"stbl",
            box(b"stsd", struct.pack(">II", 0, 1), entry),
            box(b"stts", struct.pack(">IIII", 0, 1, 1, 1000)),
            box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
            box(b"stsz", struct.pack(">IIII", 0, 0, 1, len(self.sample))),
            box(b"stco", struct.pack(">III", 0, 1, place)),
        )
        handler = box(b"hdlr", struct.pack(">II", 0, 0), self.handler, b"\0" * 12, self.name)
        times = box(b"mdhd", struct.pack(">IIIIII", 0, 111, 222, 1000, 2500, 0))
        return box(b"trak", head, self.inside, box(b"mdia", times, handler, box(b"minf", table)))


@dataclass
class Film:
    """An MP4. `extra` stands after everything, `inside` in its movie box."""

    tracks: list[Track] = field(
        default_factory=lambda: [Track(b"vide", sample=b"picture"), Track(b"soun", sample=b"sound")]
    )
    brands: bytes = b"isom\0\0\2\0isommp42"
    extra: bytes = b""
    inside: bytes = b""
    duration: int = 2500
    scale: int = 1000
    pieces: tuple[str, ...] = ("ftyp", "mdat", "moov")

    def written(self) -> bytes:
        start = box(b"ftyp", self.brands)
        data = box(b"mdat", *(track.sample for track in self.tracks))
        place, tracks = len(start) + 8, []
        for track in self.tracks:
            tracks.append(track.written(place))
            place += len(track.sample)
        head = box(b"mvhd", struct.pack(">IIIII", 0, 111, 222, self.scale, self.duration), b"\0" * 80)
        whole = {"ftyp": start, "mdat": data, "moov": box(b"moov", head, *tracks, self.inside)}
        return b"".join(whole[name] for name in self.pieces) + self.extra


def element(key: int, *parts: bytes) -> bytes:
    """An EBML element with a size of eight bytes."""
    body = b"".join(parts)
    return key.to_bytes((key.bit_length() + 7) // 8) + b"\x01" + len(body).to_bytes(7) + body


def webm(*, doctype: bytes = b"webm", extra: bytes = b"", kind: int = 1, duration: bytes | None = None) -> bytes:
    """A WebM film; `extra` stands in its segment."""
    length = element(0x4489, struct.pack(">d", 2500.0)) if duration is None else duration
    made = element(0x7BA9, b"SecretTitle"), element(0x4461, b"\0" * 8), element(0x5741, b"SecretCamera")
    shape = element(0xE0, element(0xB0, b"\x01\x40"), element(0xBA, b"\xf0"))
    entry = element(0xAE, element(0x83, bytes([kind])), element(0x536E, b"SecretTrack"), shape)
    parts = element(0x1549A966, length, *made), element(0x1654AE6B, entry), element(0x1F43B675, b"\xa3\x81\0")
    return element(0x1A45DFA3, element(0x4282, doctype)) + element(0x18538067, *parts, extra)


MP4 = Film().written()
WEBM = webm()
VTT = b"WEBVTT\n\n00:00.000 --> 00:01.500\nBonjour \xc3\xa0 tous.\n"
