"""An uploaded video becomes one of ours: known by its own bytes, bared of what tells of its making, named by chance.

It is not encoded anew: what it shows and says stays as it is, bit for bit.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from networks.allowance import Exhausted
from organisation.lifecycle import Refused
from organisation.sentences import Sentence
from publishing.content import mp4, webm
from publishing.content.refusals import too_much

StripMetadata = Callable[[BinaryIO, int], mp4.Film]
MP4: tuple[str, str, StripMetadata] = ("video/mp4", "mp4", mp4.strip_metadata)
WEBM: tuple[str, str, StripMetadata] = ("video/webm", "webm", webm.strip_metadata)
LONGEST = 12 * 3600
LARGEST_SIDE = 16_384


@dataclass(frozen=True, slots=True)
class SafeVideo:
    """`file` are the bytes to keep, already bared; `name` tells nothing of them but their kind."""

    file: File[Any]
    mime: str
    name: str
    seconds: float
    width: int
    height: int
    size: int


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
    return SafeVideo(upload, mime, f"{secrets.token_hex(16)}.{ending}", film.seconds, film.width, film.height, size)


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
    if start[:4] == b"\x1a\x45\xdf\xa3":
        return WEBM
    raise _unreadable()


def _unreadable() -> Refused:
    return Refused(_("This file is not a video that Parvis can read. Use an MP4 or WebM video."), field="video")
