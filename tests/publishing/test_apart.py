"""Uploads are read in a process that can be killed: what eats time or memory there harms no page."""

from __future__ import annotations

import io
import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import translation

from networks.apart import Work
from organisation.lifecycle import Refused
from publishing.content import apart, captions, images
from tests.factories.films import MP4, VTT
from tests.factories.publishing import picture

PIECE = 64 << 20


def who(_path: str) -> tuple[dict[str, Any], bytes]:
    return {"pid": os.getpid()}, b""


def forever(_path: str) -> tuple[dict[str, Any], bytes]:
    while True:
        pass


def asleep(_path: str) -> tuple[dict[str, Any], bytes]:
    time.sleep(3600)
    raise AssertionError


def greedy(_path: str) -> tuple[dict[str, Any], bytes]:
    kept: list[bytearray] = []
    try:
        while True:
            kept.append(bytearray(PIECE))
    except MemoryError:
        count = len(kept)
        kept.clear()
    return {"kept": count}, b""


def wordy(path: str) -> tuple[dict[str, Any], bytes]:
    Path(path).write_bytes(b"x" * 1_000_000)
    return {}, b""


def broken(_path: str) -> tuple[dict[str, Any], bytes]:
    os._exit(3)


def within(monkeypatch: pytest.MonkeyPatch, **limits: float) -> None:
    monkeypatch.setattr(apart.uploads, "limits", replace(apart.uploads.limits, **limits))


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "upload").write_bytes(b"what somebody sent")
    return str(tmp_path / "upload")


def test_it_is_another_process_each_time(path: str) -> None:
    found = {apart.run(who, path, field="image")[0]["pid"] for _each in range(3)}
    assert len(found) == 3
    assert os.getpid() not in found
    assert not [pid for pid in found if Path(f"/proc/{pid}").exists()], "and none of them is left"


@pytest.mark.parametrize("work", [asleep, wordy, broken], ids=lambda one: one.__name__)
def test_what_eats_all_it_may_is_ended_and_refused(work: Work, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, patience=1)
    with translation.override("en"), pytest.raises(Refused, match="far more work than its size needs") as refused:
        apart.run(work, path, field="video")
    assert refused.value.field == "video"
    assert Path(path).stat().st_size < 1_000_000
    assert apart.run(who, path, field="video")[0]["pid"], "the next one is read"


def test_memory_is_measured(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, memory=1 << 30)
    assert apart.run(greedy, path, field="image")[0]["kept"] * PIECE < 1 << 30


def test_the_processor_is_measured_too(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, processor=1)
    begun = time.monotonic()
    with pytest.raises(Refused):
        apart.run(forever, path, field="image")
    assert time.monotonic() - begun < apart.uploads.limits.patience / 2, "long before patience ends"


def test_who_comes_while_others_are_read_is_told_so(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart.uploads, "wait", 0)
    for _each in range(apart.uploads.at_once):
        apart.uploads.turns.acquire()
    try:
        with translation.override("en"), pytest.raises(Refused, match="busy reading other files"):
            apart.run(who, path, field="image")
    finally:
        for _each in range(apart.uploads.at_once):
            apart.uploads.turns.release()


def test_what_comes_back_is_what_would_have_come_here() -> None:
    raw = picture("PNG")
    assert apart.reencode(io.BytesIO(raw), images.Fit.of()) == images.reencode(io.BytesIO(raw), images.Fit.of())
    vtt = SimpleUploadedFile("a.vtt", VTT)
    assert apart.parsed(vtt) == captions.parsed(vtt)


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_film_is_bared_where_it_lies(on_disk: bool) -> None:
    if on_disk:
        upload: Any = TemporaryUploadedFile("a.mp4", "video/mp4", len(MP4), None)
        upload.write(MP4)
        upload.seek(0)
        upload.read(100)
    else:
        upload = SimpleUploadedFile("a.mp4", MP4)
    safe = apart.bared(upload)
    kept = safe.file.read()
    assert len(kept) == len(MP4)
    assert b"SecretCodec" in MP4
    assert b"SecretCodec" not in kept
    assert (safe.mime, safe.width, safe.height, safe.seconds) == ("video/mp4", 320, 240, 2.5)


def test_a_refusal_comes_in_the_readers_language() -> None:
    with translation.override("fr"), pytest.raises(Refused) as refused:
        apart.parsed(SimpleUploadedFile("a.vtt", b"WEBVTT\n\nno times\nhere"))
    assert refused.value.field == "captions"
    assert refused.value.reasons[0].startswith("Ligne ")


def test_nothing_that_serves_pages_reads_an_upload_itself() -> None:
    """Forms, views and the API know the readers only through this one door."""
    own = re.compile(r"from publishing\.content\.(?:images|videos|captions) import [^\n]*\b(?:reencode|bared|parsed)\b")
    rooms = [Path(settings.BASE_DIR) / "publishing", Path(settings.BASE_DIR) / "governance"]
    files = [path for room in rooms for path in room.rglob("*.py") if "content" not in path.parts]
    assert len(files) > 50
    assert [path.name for path in files if own.search(path.read_text())] == []
