"""Hostile videos stop here; a real one comes out as it was, but for what told of its making."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organisation.lifecycle import Refused
from publishing.content.videos import strip_metadata
from tests.factories.films import MP4, WEBM, Film, Track, box, element, webm
from tests.factories.publishing import picture

SCRIPT = b"<script>alert(1)</script>"


def upload(raw: bytes, name: str = "film.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw, content_type="video/mp4")


def zipped(size: int = 10_000_000) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/cron.d/x", b"\0" * size)
    return target.getvalue()


def claiming(kind: bytes, size: int) -> bytes:
    return struct.pack(">I4s", size, kind)


HOSTILE = {
    "empty": b"",
    "html": b"<!doctype html>" + SCRIPT,
    "html with the magic in it": b"<!--ftyp--" + SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "an image": picture("JPEG"),
    "a gif that is a script": b"GIF89a/*" + b"A" * 20 + b"*/=alert(1);",
    "php": b"<?php system($_GET['c']); ?>",
    "elf": b"\x7fELF" + b"\0" * 60,
    "windows program": b"MZ" + b"\0" * 200,
    "shell": b"#!/bin/sh\nid\n",
    "pdf": b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>",
    "zip bomb": zipped(),
    "avi": b"RIFF\x24\0\0\0AVI LIST",
    "wave": b"RIFF\x24\0\0\0WAVEfmt ",
    "flash": b"FLV\x01\x05\0\0\0\x09",
    "playlist that fetches": b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
    "magic only": box(b"ftyp", b"isom\0\0\2\0isom"),
    "quicktime": Film(brands=b"qt  \0\0\2\0qt  ").written(),
    "an image that calls itself a film": box(b"ftyp", b"heic\0\0\0\0heicmif1") + MP4[32:],
    "script in the brands": Film(brands=b"isom\0\0\2\0isom" + b"<script>").written(),
    "a type as long as a page": Film(brands=b"isom\0\0\2\0" + b"isom" * 100).written(),
    "zip behind it": MP4 + zipped(1000),
    "script behind it": MP4 + SCRIPT,
    "no movie": Film(pieces=("ftyp", "mdat")).written(),
    "two movies": Film(pieces=("ftyp", "mdat", "moov", "moov")).written(),
    "no samples": Film(pieces=("ftyp", "moov")).written(),
    "type not first": Film(pieces=("mdat", "ftyp", "moov")).written(),
    "no picture": Film(tracks=[Track(b"soun")]).written(),
    "no length": Film(duration=0).written(),
    "endless": Film(duration=2**32 - 1).written(),
    "division by zero": Film(scale=0).written(),
    "cut off": MP4[:-20],
    "a box larger than the file": MP4 + claiming(b"free", 2**31),
    "a box smaller than itself": MP4 + claiming(b"free", 4) + b"\0" * 4,
    "a box of 2^64 bytes": MP4 + struct.pack(">I4sQ", 1, b"free", 2**64 - 1),
    "a million boxes": MP4 + box(b"free") * 30_000,
    "boxes that claim one another": Film(inside=box(b"trak", claiming(b"mdia", 90_000))).written(),
    "samples outside": Film(tracks=[Track(b"vide"), Track(b"meta", inside=b"")]).written().replace(b"stco", b"stc0"),
    "fragments": MP4 + box(b"moof"),
    "fragments to come": Film(inside=box(b"mvex")).written(),
    "matroska": webm(doctype=b"matroska"),
    "webm magic only": b"\x1a\x45\xdf\xa3",
    "webm with a script": b"\x1a\x45\xdf\xa3" + SCRIPT,
    "webm cut off": WEBM[:-5],
    "webm with a zip behind it": WEBM + zipped(1000),
    "webm with an endless part": WEBM[:-1] + b"\x1f\x43\xb6\x75\xff",
    "webm of subtitles": webm(kind=17),
    "webm without length": webm(duration=b""),
    "webm that lasts nothing": webm(duration=element(0x4489, b"\0" * 8)),
    "webm that lasts no number": webm(duration=element(0x4489, struct.pack(">d", float("nan")))),
    "webm with a strange number": webm(duration=element(0x4489, b"\0" * 3)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plain_video_is_refused_at_the_field(name: str) -> None:
    with pytest.raises(Refused) as refused:
        strip_metadata(upload(HOSTILE[name]))
    assert refused.value.field == "video"
    assert refused.value.reasons


def test_a_video_larger_than_the_setting_is_refused(settings: Any) -> None:
    settings.VIDEO_BYTES = len(MP4) - 1
    with pytest.raises(Refused):
        strip_metadata(upload(MP4))


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd.mp4", "a\0b.mp4", "<script>.mp4", "film.php", "con.mp4", "x" * 250 + ".mp4", ".htaccess"],
)
def test_the_name_of_an_upload_is_forgotten(name: str) -> None:
    file = upload(MP4)
    file._name = name  # past what Django itself makes of names
    safe = strip_metadata(file)
    assert re.fullmatch(r"[0-9a-f]{32}\.mp4", safe.name)
    assert strip_metadata(upload(MP4)).name != safe.name


def test_its_own_bytes_say_what_it_is(settings: Any) -> None:
    told = SimpleUploadedFile("page.html", WEBM, content_type="text/html")
    safe = strip_metadata(told)
    assert (safe.mime, safe.name[-5:]) == ("video/webm", ".webm")
    assert (safe.seconds, safe.width, safe.height) == (2.5, 320, 240)
    safe = strip_metadata(upload(MP4))
    assert (safe.mime, safe.seconds, safe.width, safe.height) == ("video/mp4", 2.5, 320, 240)


SECRETS = {
    "place in user data": Film(inside=box(b"udta", box(b"\xa9xyz", b"\0\x11\0\0+50.8503+004.3517/SECRET"))),
    "place in the track": Film(tracks=[Track(b"vide", inside=box(b"udta", b"SECRET" + SCRIPT))]),
    "camera in a meta box": Film(inside=box(b"meta", b"\0\0\0\0", box(b"ilst", b"SECRET"))),
    "a box of one's own": Film(extra=box(b"uuid", b"SECRET" + SCRIPT)),
    "what was left free": Film(extra=box(b"free", b"SECRET" + SCRIPT)),
    "the room that is skipped": Film(extra=box(b"skip", b"SECRET")),
    "user data of the file": Film(extra=box(b"udta", b"SECRET")),
    "the name of a handler": Film(tracks=[Track(b"vide", name=b"SECRET camera\0")]),
    "positions in a track of their own": Film(tracks=[Track(b"vide"), Track(b"meta", sample=b"SECRET 50.85,4.35")]),
    "a track of text": Film(tracks=[Track(b"vide"), Track(b"text", sample=b"SECRET")]),
}


@pytest.mark.parametrize("name", SECRETS)
def test_place_camera_and_scripts_are_taken_out_in_place(name: str) -> None:
    raw = SECRETS[name].written()
    assert b"SECRET" in raw
    kept = strip_metadata(upload(raw)).file.read()
    assert len(kept) == len(raw)
    assert b"SECRET" not in kept
    assert b"script" not in kept


def test_picture_sound_and_offsets_stay_and_dates_go() -> None:
    raw = Film(inside=box(b"udta", b"x" * 40)).written()
    kept = strip_metadata(upload(raw)).file.read()
    assert kept[: raw.index(b"moov")] == raw[: raw.index(b"moov")], "type and samples are as they were"
    for name in (b"stco", b"stsz", b"stsc"):
        at = raw.index(name)
        assert kept[at : at + 16] == raw[at : at + 16]
    for name in (b"mvhd", b"tkhd", b"mdhd"):
        at = raw.index(name) + 8
        assert raw[at : at + 8] != b"\0" * 8
        assert kept[at : at + 8] == b"\0" * 8
    assert b"SecretCodec" in raw
    assert b"SecretCodec" not in kept


def test_a_track_whose_samples_lie_elsewhere_is_refused() -> None:
    raw = Film(tracks=[Track(b"vide"), Track(b"meta")]).written()
    at = raw.rindex(b"stco") + 12
    with pytest.raises(Refused):
        strip_metadata(upload(raw[:at] + struct.pack(">I", 4) + raw[at + 4 :]))


def test_a_webm_loses_tags_titles_and_names_and_keeps_its_length() -> None:
    tags = element(0x1254C367, b"SecretTag" + SCRIPT) + element(0x1941A469, b"SecretAttachment")
    raw = webm(extra=tags)
    kept = strip_metadata(upload(raw)).file.read()
    assert len(kept) == len(raw)
    assert b"Secret" not in kept
    assert b"script" not in kept
    assert strip_metadata(upload(kept)).seconds == 2.5, "and still is a film"
