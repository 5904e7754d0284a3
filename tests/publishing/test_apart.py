"""Uploads are read in a process that can be killed: what eats time or memory there harms no page."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from accounts_registry import vault
from networks.apart import Work
from organisation.lifecycle import Refused
from publishing.content import apart, captions, images, videos
from tests.factories.films import MP4, VTT
from tests.factories.publishing import picture
from tests.thorough import thorough_but
from tests.worker import door

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


@pytest.mark.longer
def test_it_is_another_process_each_time(path: str) -> None:
    found = {apart.run(who, path, field="image")[0]["pid"] for _each in range(3)}
    assert len(found) == 3
    assert os.getpid() not in found
    assert not [pid for pid in found if Path(f"/proc/{pid}").exists()], "and none of them is left"


@pytest.mark.parametrize("work", thorough_but([asleep, wordy, broken], asleep), ids=lambda one: one.__name__)
def test_what_eats_all_it_may_is_ended_and_refused(work: Work, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, patience=1)
    with translation.override("en"), pytest.raises(Refused, match="far more work than its size needs") as refused:
        apart.run(work, path, field="video")
    assert refused.value.field == "video"
    assert Path(path).stat().st_size < 1_000_000
    within(monkeypatch, patience=60)
    assert apart.run(who, path, field="video")[0]["pid"], "the next one is read"


@pytest.mark.longer
def test_memory_is_measured(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, memory=1 << 30)
    assert apart.run(greedy, path, field="image")[0]["kept"] * PIECE < 1 << 30


@pytest.mark.slow
def test_the_processor_is_measured_too(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, processor=1)
    begun = time.monotonic()
    with pytest.raises(Refused):
        apart.run(forever, path, field="image")
    assert time.monotonic() - begun < apart.uploads.limits.patience / 2, "long before patience ends"


def test_no_process_but_a_worker_reads_one(path: str) -> None:
    with door(is_open=False), pytest.raises(vault.Shut):
        apart.run(who, path, field="image")


def test_what_comes_back_is_what_would_have_come_here(tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(picture("PNG"))
    with (tmp_path / "image").open("rb") as file:
        assert apart.reencode(str(tmp_path / "image"), images.Fit.of()) == images.reencode(file, images.Fit.of())
    (tmp_path / "words").write_bytes(VTT)
    assert apart.parsed(str(tmp_path / "words")) == captions.parsed(SimpleUploadedFile("a.vtt", VTT))


def test_a_film_is_bared_where_it_lies() -> None:
    with NamedTemporaryFile() as film, NamedTemporaryFile() as other:
        film.write(MP4)
        film.seek(0)
        film.read(100)
        safe = apart.made_ready(File(film), videos.Fit.of([]), File(other), lambda _percent: None)
        kept = safe.file.read()
    assert len(kept) == len(MP4)
    assert b"SecretCodec" in MP4
    assert b"SecretCodec" not in kept
    assert (safe.mime, safe.width, safe.height, safe.seconds) == ("video/mp4", 320, 240, 2.5)


def test_a_refusal_comes_in_the_readers_language(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes(b"WEBVTT\n\nno times\nhere")
    with translation.override("fr"), pytest.raises(Refused) as refused:
        apart.parsed(str(tmp_path / "words"))
    assert refused.value.field == "captions"
    assert refused.value.reasons[0].startswith("Ligne ")
