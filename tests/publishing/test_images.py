"""Hostile uploads: what is not a plain image stops here, what is one comes out as ours."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from networks.catalogue import NETWORKS
from organisation.lifecycle import Refused
from publishing.content import images
from publishing.content.images import Fit, reencode
from tests.factories.publishing import picture


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int, data: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def with_text_bomb() -> bytes:
    plain = picture()
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 80_000_000, 9))
    return plain[:33] + bomb + plain[33:]


def animated(form: str) -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue", "green")]
    frames[0].save(target, form, save_all=True, append_images=frames[1:])
    return target.getvalue()


HOSTILE = {
    "empty": b"",
    "text": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with declaration": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "html with png magic": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "jpeg magic only": b"\xff\xd8\xff\xe0",
    "gif": animated("GIF"),
    "gif polyglot": b"GIF89a/*" + b"A" * 20 + b"*/=alert(1);",
    "bmp": picture("BMP"),
    "tiff": picture("TIFF"),
    "ico": picture("ICO"),
    "pdf": b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n(/etc/passwd) (r) file",
    "zip": b"PK\x03\x04" + b"\0" * 40,
    "elf": b"\x7fELF" + b"\0" * 60,
    "php": b"<?php system($_GET['c']); ?>",
    "animated webp": animated("WEBP"),
    "animated png": animated("PNG"),
    "bomb of pixels": png_claiming(60_000, 60_000),
    "wider than a file can be": png_claiming(2**31 - 1, 1),
    "no pixels": png_claiming(0, 0),
    "more pixels than allowed": png_claiming(6_000, 5_001, b"\0" * 1000),
    "cut off": picture("PNG", (200, 200))[:-40],
    "cut off jpeg": picture("JPEG", (400, 400))[:200],
    "bomb of text": with_text_bomb,  # made where it is thrown: each process that collects would make it
    "wrong checksum": picture()[:40] + b"\xde\xad" + picture()[42:],
    "too many bytes": picture() + b"\0" * images.UPLOAD_BYTES,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plain_image_is_refused_at_the_field(name: str) -> None:
    raw = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        reencode(io.BytesIO(raw() if callable(raw) else raw))
    assert refused.value.field == "image"
    assert refused.value.reasons


PAYLOADS = [b"<script>alert(1)</script>", b"<?php system('id'); ?>", b"PK\x03\x04evil", b"%PDF-1.7", b"#!/bin/sh\nid\n"]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_nothing_that_hides_behind_an_image_survives(form: str, payload: bytes) -> None:
    safe = reencode(io.BytesIO(picture(form) + payload))
    assert payload not in safe.content
    assert safe.mime == "image/jpeg"
    Image.open(io.BytesIO(safe.content)).verify()


def with_place(form: str) -> bytes:
    """An image that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # turned
    gps: Any = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (50.0, 51.0, 1.0)
    target = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(target, form, exif=exif)
    return target.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_are_stripped_and_the_image_stands_upright(form: str) -> None:
    raw = with_place(form)
    assert b"SecretCamera" in raw
    safe = reencode(io.BytesIO(raw))
    assert b"SecretCamera" not in safe.content
    out = Image.open(io.BytesIO(safe.content))
    assert not out.getexif()
    assert out.size == (20, 40)


def test_comments_and_profiles_are_stripped() -> None:
    raw = picture("JPEG", comment=b"written by somebody", icc_profile=b"profile-of-a-person")
    safe = reencode(io.BytesIO(raw))
    assert b"somebody" not in safe.content
    assert b"profile-of" not in safe.content


@pytest.mark.longer
def test_transparency_stays_and_large_images_shrink() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (3000, 1000), (0, 0, 0, 0)).save(target, "PNG")
    safe = reencode(io.BytesIO(target.getvalue()), Fit(5_000_000))
    assert safe.mime == "image/png"
    assert (safe.width, safe.height) == (2048, 683)


def test_beside_what_is_transparent_lies_the_same_on_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(target, "PNG")
    safe = reencode(io.BytesIO(target.getvalue()), Fit(5_000_000))
    assert safe.mime == "image/png"
    assert Image.open(io.BytesIO(safe.flat)).convert("L").getextrema()[0] > 250


@pytest.mark.slow
def test_noise_still_fits_every_network() -> None:
    target = io.BytesIO()
    Image.effect_noise((2000, 2000), 100).convert("RGB").save(target, "JPEG", quality=95)
    safe = reencode(io.BytesIO(target.getvalue()))
    takers = [one.capabilities for one in NETWORKS.values() if one.capabilities.media_types]
    assert len(safe.content) <= min(one.media_bytes for one in takers)


def test_the_same_image_has_the_same_name() -> None:
    assert reencode(io.BytesIO(picture())).name == reencode(io.BytesIO(picture())).name
