"""Uploads are read in a process of their own, which may be killed: never in the one that serves pages.

Each has so much memory, so much time of the processor and so much time of the clock. It is given the file on disk, and
answers with plain data and bytes. What it cannot read in its limits is refused with a sentence, like all else.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from networks.apart import Busy, Limits, Readers, Told, Work, preload
from organisation.lifecycle import Refused
from publishing.content import captions, images, videos
from publishing.content.refusals import too_much

# A new child for each: two gigabytes, a minute of the processor, and two of them in each process that asks.
uploads = Readers(Limits(memory=2 << 30, processor=60, patience=90, answer=images.UPLOAD_BYTES * 2), at_once=2, wait=20)
preload("publishing.content.preloaded")


def reencode(upload: BinaryIO, fit: images.Fit | None = None) -> images.SafeImage:
    """As `images.reencode`, in a process of its own."""
    with _on_disk(upload) as path:
        told, content = run(_image, path, fit, field="image")
    return images.SafeImage(content, str(told["mime"]), int(told["width"]), int(told["height"]))


def parsed(upload: File[Any]) -> captions.SafeCaptions:
    """As `captions.parsed`, in a process of its own."""
    with _on_disk(upload) as path:
        told, _none = run(_captions, path, field="captions")
    return captions.SafeCaptions(tuple(captions.Cue(int(a), int(b), str(text)) for a, b, text in told["cues"]))


def bared(upload: File[Any]) -> videos.SafeVideo:
    """As `videos.bared`, in a process of its own: `upload` is changed in place."""
    videos.require_size(upload)
    with _on_disk(upload, back=True) as path:
        told, _none = run(_video, path, field="video")
    upload.seek(0)
    facts = (str(told["mime"]), str(told["name"]), float(told["seconds"]), int(told["width"]), int(told["height"]))
    return videos.SafeVideo(upload, *facts, size=upload.size)


# ---- In the child ---------------------------------------------------------------------------------------------------
def _image(path: str, fit: images.Fit | None) -> tuple[Told, bytes]:
    with Path(path).open("rb") as file:
        safe = images.reencode(file, fit)
    return {"mime": safe.mime, "width": safe.width, "height": safe.height}, safe.content


def _captions(path: str) -> tuple[Told, bytes]:
    with Path(path).open("rb") as file:
        return {"cues": [list(asdict(cue).values()) for cue in captions.parsed(File(file)).cues]}, b""


def _video(path: str) -> tuple[Told, bytes]:
    with Path(path).open("r+b") as file:
        safe = videos.bared(File(file))
    facts = {"mime": safe.mime, "name": safe.name, "seconds": safe.seconds}
    return {**facts, "width": safe.width, "height": safe.height}, b""


def _judged(work: Work, language: str, given: tuple[Any, ...]) -> tuple[Told, bytes]:
    with translation.override(language):
        try:
            return work(*given)
        except Refused as refusal:
            return {"refused": refusal.reasons, "field": refusal.field}, b""


# ---- In the process that asks ---------------------------------------------------------------------------------------
def run(work: Work, path: str, *more: Any, field: str) -> tuple[Told, bytes]:
    """What `work` makes of the file at `path`. Refused at `field`, for its own reasons or where it never ends."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    try:
        answer = uploads.ask(_judged, work, language, (path, *more), size=Path(path).stat().st_size)
    except Busy:
        raise Refused(
            _("Parvis is busy reading other files. Choose yours once more in a moment."), field=field
        ) from None
    if answer is None:
        raise too_much(field)
    told, content = answer
    if "refused" in told:
        raise Refused(*told["refused"], field=told["field"])
    return told, content


@contextlib.contextmanager
def _on_disk(upload: BinaryIO | File[Any], *, back: bool = False) -> Iterator[str]:
    """The path of `upload`; a copy where it lies in memory, which with `back` returns there changed."""
    if hasattr(upload, "temporary_file_path"):
        upload.flush()
        yield str(upload.temporary_file_path())
        upload.seek(0, 2)  # and with it goes what was read ahead of the change
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        upload.seek(0)
        shutil.copyfileobj(upload, copy)
        copy.flush()
        yield copy.name
        if back:
            upload.seek(0)
            with Path(copy.name).open("rb") as changed:
                shutil.copyfileobj(changed, upload)
