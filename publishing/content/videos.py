"""An uploaded video becomes one of ours: known by its own bytes, bared of what tells of its making, named by chance.

What every network takes is not encoded anew: what it shows and says stays as it is, bit for bit. Other films are
converted (`publishing.content.conversion`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from networks.allowance import Exhausted
from networks.kinds import Capabilities
from organisation.lifecycle import Refused
from organisation.sentences import Sentence
from publishing.content import mp4, webm
from publishing.content.changes import Changes
from publishing.content.conversion import Report, can_be_lighter, convert
from publishing.content.refusals import too_much
from publishing.content.tracks import is_plain

StripMetadata = Callable[[BinaryIO, int], mp4.Film]
MP4: tuple[str, str, StripMetadata] = ("video/mp4", "mp4", mp4.strip_metadata)
WEBM: tuple[str, str, StripMetadata] = ("video/webm", "webm", webm.strip_metadata)
LONGEST = 12 * 3600
LARGEST_SIDE = 16_384
# What says by its first brand that it is a kin of MP4, and is converted in any case.
KIN = (b"qt  ", b"3gp4", b"3gp5", b"3gp6", b"3g2a", b"M4VH", b"M4VP", b"MSNV", b"dash", b"f4v ")
EBML = b"\x1a\x45\xdf\xa3"


@dataclass(frozen=True, slots=True)
class Fit:
    """What a film has to fit: the types that all take, and bytes."""

    types: frozenset[str]
    most_bytes: int

    @classmethod
    def of(cls, chosen: Iterable[Capabilities]) -> Fit:
        """What all networks in `chosen` take that take videos at all; an MP4 without one."""
        takers = [one.videos for one in chosen if one.videos]
        types = frozenset.intersection(*(frozenset(one.types) for one in takers)) if takers else frozenset()
        return cls(types | {"video/mp4"}, min([settings.VIDEO_BYTES, *(one.max_bytes for one in takers)]))


@dataclass(frozen=True, slots=True)
class SafeVideo:
    """`file` are the bytes to keep, already bared; `name` tells nothing of them but their kind. `changes` say what was
    done to the film (`publishing.content.changes`)."""

    file: File[Any]
    mime: str
    name: str
    seconds: float
    width: int
    height: int
    size: int
    silent: bool = False
    changes: Changes = ()


def form_of(upload: File[Any], fit: Fit) -> str:
    """The container ("mov", "matroska") from which the film is to be converted; empty where it stays as it is, or where
    `strip_metadata` says what is wrong with it. What is right but larger than the networks take is made lighter, as
    long as that still shows something; else a check before approval refuses it."""
    form, own = _wrong_form(upload, fit)
    if form or not own or upload.size <= fit.most_bytes or upload.file is None:
        return form
    return own if can_be_lighter(upload.file, own, fit.most_bytes) else ""


def _wrong_form(upload: File[Any], fit: Fit) -> tuple[str, str]:
    """The container, where the film cannot stay in its form; and the one in which it lies, where that is known."""
    upload.seek(0)
    start = upload.read(64)
    if start[4:8] == b"ftyp":
        if start[8:12] in KIN:
            return "mov", "mov"
        try:
            return "" if is_plain(upload, upload.size) else "mov", "mov"  # type: ignore[arg-type]  # as below
        except mp4.Fragmented:
            return "mov", "mov"
        except Exhausted:
            raise too_much("video") from None
        except Exception:
            return "", ""
    if start[:4] == EBML:
        return "" if b"matroska" not in start and "video/webm" in fit.types else "matroska", "matroska"
    return "", ""


def converted(upload: File[Any], form: str, fit: Fit, target: Path, report: Report) -> SafeVideo:
    """The video in `upload`, made anew at `target` and bared. Raises Refused at `video` with what is wrong."""
    require_size(upload.size)
    assert upload.file is not None
    changes = convert(upload.file, form, target, most_bytes=fit.most_bytes, report=report)
    with target.open("r+b") as made:
        return replace(strip_metadata(File(made)), changes=changes)


def strip_metadata(upload: File[Any]) -> SafeVideo:
    """The video in `upload`, changed in place. Raises Refused at `video` with what is wrong."""
    size = upload.size
    require_size(size)
    mime, ending, strip_metadata = _kind(upload)
    try:
        film = strip_metadata(upload, size)  # type: ignore[arg-type]  # an uploaded file reads, writes and seeks
    except mp4.Fragmented:
        said = _("This video is cut into pieces for streaming. Export it as a plain MP4 and try again.")
        raise Refused(said, field="video") from None
    except Exhausted:
        raise too_much("video") from None
    except Exception:  # whatever a hostile file makes a reader say, to the person it is the same
        raise _unreadable() from None
    if film.seconds > LONGEST or not 0 < film.width <= LARGEST_SIDE or not 0 < film.height <= LARGEST_SIDE:
        raise _unreadable()
    upload.seek(0)
    name = f"{secrets.token_hex(16)}.{ending}"
    return SafeVideo(upload, mime, name, film.seconds, film.width, film.height, size, not film.sounds)


def require_size(size: int) -> None:
    """Refused at `video` where so many bytes are more than a person may upload."""
    most = settings.VIDEO_BYTES
    if size > most:
        told = _("The video is larger than %(limit)s MB. Save it smaller and try again.")
        raise Refused(Sentence(told, limit=most // 1_000_000), field="video")


def _kind(upload: File[Any]) -> tuple[str, str, StripMetadata]:
    """MIME type, ending and reader, by the file's first bytes: neither its name nor its declared type counts."""
    upload.seek(0)
    start = upload.read(8)
    if start[4:8] == b"ftyp":
        return MP4
    if start[:4] == EBML:
        return WEBM
    raise _unreadable()


def _unreadable() -> Refused:
    return Refused(_("This file is not a video that Parvis can read. Use an MP4, MOV or WebM video."), field="video")
