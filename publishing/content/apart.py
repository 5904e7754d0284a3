"""Uploads are read in a process of their own, which may be killed: never in the one that serves pages.

Each has so much memory, so much time of the processor and so much time of the clock. It is given the file on disk, and
answers with plain data and bytes. What it cannot read in its limits is refused with a sentence, like all else.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from organisation.lifecycle import Refused
from publishing.content import captions, images, videos
from publishing.content.refusals import too_much

MEMORY = 2 << 30  # of addresses, what Python and its libraries take among it
PROCESSOR = 60  # seconds
PATIENCE = 90  # seconds of the clock
AT_ONCE = 2  # in each process that serves pages
WAIT = 20  # seconds for a turn
LARGEST_ANSWER = images.UPLOAD_BYTES * 2

Told = dict[str, Any]
# What the child does: with the file, and what else it was given; plain data and bytes come back.
Work = Callable[..., tuple[Told, bytes]]

_turns = BoundedSemaphore(AT_ONCE)
_start = multiprocessing.get_context("forkserver")
# The server that children are forked from has no thread and no connection, and has read all code already.
_start.set_forkserver_preload(["publishing.content.preloaded"])


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


def _child(
    answers: Connection, work: Work, language: str, limits: tuple[int, int, int], given: tuple[Any, ...]
) -> None:
    """Binds itself before it looks at the file."""
    memory, processor, size = limits
    bounds = {resource.RLIMIT_AS: memory, resource.RLIMIT_CPU: processor, resource.RLIMIT_FSIZE: size}
    for what, most in {**bounds, resource.RLIMIT_CORE: 0}.items():
        with contextlib.suppress(ValueError, OSError):  # a system that does not know it
            resource.setrlimit(what, (most, most))
    content = b""
    with translation.override(language):
        try:
            told, content = work(*given)
        except Refused as refusal:
            told = {"refused": refusal.reasons, "field": refusal.field}
    answers.send_bytes(json.dumps(told).encode())
    answers.send_bytes(content)


# ---- In the process that serves pages -------------------------------------------------------------------------------
def run(work: Work, path: str, *more: Any, field: str) -> tuple[Told, bytes]:
    """What `work` makes of the file at `path`. Refused at `field`, for its own reasons or where it never ends."""
    if not _turns.acquire(timeout=WAIT):
        raise Refused(_("Parvis is busy reading other files. Choose yours once more in a moment."), field=field)
    try:
        told, content = _ask(work, (path, *more), size=Path(path).stat().st_size)
    finally:
        _turns.release()
    if told is None:
        raise too_much(field)
    if "refused" in told:
        raise Refused(*told["refused"], field=told["field"])
    return told, content


def _ask(work: Work, given: tuple[Any, ...], *, size: int) -> tuple[Told | None, bytes]:
    """None where the child did not answer, whatever ended it."""
    answers, end = _start.Pipe(duplex=False)
    limits = (MEMORY, PROCESSOR, size)
    language = translation.get_language() or settings.LANGUAGE_CODE
    child = _start.Process(target=_child, args=(end, work, language, limits, given), daemon=True)
    child.start()
    end.close()
    try:
        if not answers.poll(PATIENCE):
            return None, b""
        return json.loads(answers.recv_bytes(LARGEST_ANSWER)), answers.recv_bytes(LARGEST_ANSWER)
    except (EOFError, OSError):
        return None, b""
    finally:
        answers.close()
        child.kill()
        child.join()
        child.close()


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
