"""Uploads are read by workers, in a process of its own for each, which may be killed: never by what serves pages.

It is given the file on disk, and answers with plain data and bytes (`networks.apart`). What it cannot read within its
limits is refused with a sentence, like all else.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.base import File

from accounts_registry import vault
from networks.apart import Limits, Readers, Told, Work, preload
from organisation.lifecycle import Refused
from organisation.sentences import Sentence, kept
from publishing.content import captions, images, videos
from publishing.content.refusals import too_much

# A new child for each: two gigabytes, a minute of the processor, and two of them in each worker.
uploads = Readers(Limits(memory=2 << 30, processor=60, patience=90, answer=images.UPLOAD_BYTES * 2), at_once=2, wait=20)
preload("publishing.content.preloaded")


def reencode(path: str, fit: images.Fit | None = None) -> images.SafeImage:
    """As `images.reencode`, in a process of its own."""
    told, content = run(_image, path, fit, field="image")
    cut, facts = int(told["size"]), (str(told["mime"]), int(told["width"]), int(told["height"]))
    return images.SafeImage(content[:cut], *facts, flat=content[cut:], changes=tuple(told["changes"]))


def parsed(path: str) -> captions.SafeCaptions:
    """As `captions.parsed`, in a process of its own."""
    told, _none = run(_captions, path, field="captions")
    return captions.SafeCaptions(tuple(captions.Cue(int(a), int(b), str(text)) for a, b, text in told["cues"]))


def strip_metadata(file: File[Any]) -> videos.SafeVideo:
    """As `videos.strip_metadata`, in a process of its own: the named `file` is changed in place."""
    told, _none = run(_video, str(file.name), field="video")
    file.seek(0, 2)  # and with it goes what was read ahead of the change
    file.seek(0)
    facts = (str(told["mime"]), str(told["name"]), float(told["seconds"]), int(told["width"]), int(told["height"]))
    return videos.SafeVideo(file, *facts, size=file.size)


# ---- In the child ---------------------------------------------------------------------------------------------------
def _image(path: str, fit: images.Fit | None) -> tuple[Told, bytes]:
    with Path(path).open("rb") as file:
        safe = images.reencode(file, fit)
    facts = {"mime": safe.mime, "width": safe.width, "height": safe.height, "changes": list(safe.changes)}
    return {**facts, "size": len(safe.content)}, safe.content + safe.flat


def _captions(path: str) -> tuple[Told, bytes]:
    with Path(path).open("rb") as file:
        return {"cues": [list(asdict(cue).values()) for cue in captions.parsed(File(file)).cues]}, b""


def _video(path: str) -> tuple[Told, bytes]:
    with Path(path).open("r+b") as file:
        safe = videos.strip_metadata(File(file))
    facts = {"mime": safe.mime, "name": safe.name, "seconds": safe.seconds}
    return {**facts, "width": safe.width, "height": safe.height}, b""


def _judged(work: Work, given: tuple[Any, ...]) -> tuple[Told, bytes]:
    try:
        return work(*given)
    except Refused as refusal:
        return {"refused": kept(refusal.said), "field": refusal.field}, b""


# ---- In the worker --------------------------------------------------------------------------------------------------
def run(work: Work, path: str, *more: Any, field: str) -> tuple[Told, bytes]:
    """What `work` makes of the file at `path`. Refused at `field`, for its own reasons or where it never ends.

    `vault.Shut` in a process that is no worker; `Busy` where others are being read.
    """
    vault.require_worker()
    answer = uploads.ask(_judged, work, (path, *more), size=Path(path).stat().st_size)
    if answer is None:
        raise too_much(field)
    told, content = answer
    if "refused" in told:
        raise Refused(*map(Sentence.of, told["refused"]), field=told["field"])
    return told, content
