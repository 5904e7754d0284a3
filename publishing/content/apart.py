"""Uploads are read by workers, in a process of its own for each, which may be killed: never by what serves pages.

It is given the file on disk, and answers with plain data and bytes (`networks.apart`). What it cannot read within its
limits is refused with a sentence, like all else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File

from accounts_registry import vault
from networks.apart import Limits, Readers, Told, Work, preload
from organisation.lifecycle import Refused
from organisation.sentences import Sentence, kept
from publishing.content import captions, changes, images, moving, videos
from publishing.content.conversion import Report
from publishing.content.refusals import too_much

# A new child for each: two gigabytes, a minute of the processor, and two of them in each worker.
uploads = Readers(Limits(memory=2 << 30, processor=60, patience=90, answer=images.UPLOAD_BYTES * 2), at_once=2, wait=20)
# A film that has to be converted takes minutes: one at a time, and what it is made into is a file.
films = Readers(Limits(memory=3 << 30, processor=1800, patience=2700, answer=1 << 20), at_once=1, wait=20)
preload("publishing.content.preloaded")


def reencode(path: str, fit: images.Fit | None = None) -> images.SafeImage:
    """As `images.reencode`, in a process of its own; `images.Moving` among its reasons."""
    told, content = run(_image, path, fit, field="image")
    if told.get("moving"):
        raise images.Moving(*map(Sentence.of, told["moving"]), field="image")
    cut, facts = int(told["size"]), (str(told["mime"]), int(told["width"]), int(told["height"]))
    return images.SafeImage(content[:cut], *facts, flat=content[cut:], changes=tuple(told["changes"]))


def parsed(path: str) -> captions.SafeCaptions:
    """As `captions.parsed`, in a process of its own."""
    told, _none = run(_captions, path, field="captions")
    return captions.SafeCaptions(tuple(captions.Cue(int(a), int(b), str(text)) for a, b, text in told["cues"]))


def made_ready(file: File[Any], fit: videos.Fit, target: File[Any], report: Report) -> videos.SafeVideo:
    """The video in the named `file`, bared where it lies; or, where networks do not take it so, made anew in the named
    `target`. In a process of its own; `report` is told percents meanwhile, and what it raises ends that process."""
    return _film(_video, file, target, report, fit=fit, field="video")


def film_of_moving(file: File[Any], target: File[Any], report: Report) -> videos.SafeVideo:
    """The film made in the named `target` of the moving image in the named `file`, in a process of its own; `report` is
    told percents meanwhile, and what it raises ends that process."""
    return _film(_moving, file, target, report, fit=None, field="image")


def _film(
    work: Work, file: File[Any], target: File[Any], report: Report, *, fit: videos.Fit | None, field: str
) -> videos.SafeVideo:
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as percent:

        def meanwhile() -> None:
            written = Path(percent.name).read_text()
            report(int(written) if written.isdecimal() else 0)

        most = max(file.size, settings.VIDEO_BYTES)
        told, _none = run(
            work, str(file.name), fit, str(target.name), percent.name, field=field, by=films, most=most, watch=meanwhile
        )
    made = target if told["anew"] else file
    made.seek(0, 2)  # and with it goes what was read ahead of the change
    made.seek(0)
    facts = (str(told["mime"]), str(told["name"]), float(told["seconds"]), int(told["width"]), int(told["height"]))
    size = Path(str(made.name)).stat().st_size
    return videos.SafeVideo(made, *facts, size, bool(told["silent"]), tuple(told["changes"]))


# ---- In the child ---------------------------------------------------------------------------------------------------
def _image(path: str, fit: images.Fit | None) -> tuple[Told, bytes]:
    try:
        with Path(path).open("rb") as file:
            safe = images.reencode(file, fit)
    except images.Moving as told:
        return {"moving": kept(told.said)}, b""
    facts = {"mime": safe.mime, "width": safe.width, "height": safe.height, "changes": list(safe.changes)}
    return {**facts, "size": len(safe.content)}, safe.content + safe.flat


def _captions(path: str) -> tuple[Told, bytes]:
    with Path(path).open("rb") as file:
        return {"cues": [list(asdict(cue).values()) for cue in captions.parsed(File(file)).cues]}, b""


def _video(path: str, fit: videos.Fit, target: str, percent: str) -> tuple[Told, bytes]:
    with Path(path).open("r+b") as file:
        form = videos.form_of(File(file), fit)
        if form:
            safe = videos.converted(File(file), form, fit, Path(target), _written_to(percent))
        else:
            safe = videos.strip_metadata(File(file))
    return _facts(safe, anew=bool(form))


def _moving(path: str, _fit: None, target: str, percent: str) -> tuple[Told, bytes]:
    moving.film_of(Path(path), Path(target), _written_to(percent))
    with Path(target).open("r+b") as file:
        safe = videos.strip_metadata(File(file))
    told, none = _facts(safe, anew=True)
    return {**told, "changes": list(changes.made(changes.FROM_MOVING))}, none


def _facts(safe: videos.SafeVideo, *, anew: bool) -> tuple[Told, bytes]:
    facts = {"mime": safe.mime, "name": safe.name, "seconds": safe.seconds, "width": safe.width, "height": safe.height}
    return {**facts, "silent": safe.silent, "changes": list(safe.changes), "anew": anew}, b""


def _written_to(place: str) -> Report:
    last = -1

    def report(percent: int) -> None:
        nonlocal last
        if percent != last:
            Path(place).write_text(str(percent))
            last = percent

    return report


def _judged(work: Work, given: tuple[Any, ...]) -> tuple[Told, bytes]:
    try:
        return work(*given)
    except Refused as refusal:
        return {"refused": kept(refusal.said), "field": refusal.field}, b""


# ---- In the worker --------------------------------------------------------------------------------------------------
def run(
    work: Work,
    path: str,
    *more: Any,
    field: str,
    by: Readers = uploads,
    most: int = 0,
    watch: Callable[[], object] | None = None,
) -> tuple[Told, bytes]:
    """What `work` makes of the file at `path`. Refused at `field`, for its own reasons or where it never ends.

    It writes no file larger than `most` bytes, or than what is at `path` where that is more.

    `vault.Shut` in a process that is no worker; `Busy` where others are being read.
    """
    vault.require_worker()
    size = max(most, Path(path).stat().st_size)
    answer = by.ask(_judged, work, (path, *more), size=size, meanwhile=watch)
    if answer is None:
        raise too_much(field)
    told, content = answer
    if "refused" in told:
        raise Refused(*map(Sentence.of, told["refused"]), field=told["field"])
    return told, content
