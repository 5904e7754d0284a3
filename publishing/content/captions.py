"""Captions as somebody uploaded them (WebVTT or SubRip) become cues, and cues become a file of ours.

Nothing of the upload survives but its words and their times: no styles, no colours, no names of voices, no comments.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from networks.markup import unescaped
from organisation.lifecycle import Refused
from organisation.sentences import Sentence

UPLOAD_BYTES = 1_000_000
MOST_CUES = 20_000
LONGEST_CUE = 2_000
LONGEST_MS = 100 * 3_600_000
WEBVTT, SUBRIP = "text/vtt", "application/x-subrip"

ARROW = re.compile(r"\s*(?P<start>\S+)\s+-->\s+(?P<end>\S+)(?P<settings>\s.*)?")
TIME = re.compile(r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})")
MARKS = re.compile(
    r"</?(?:[biuv]|c|lang|ruby|rt|font)(?:[.\s][^<>]{0,200})?>|<\d\d:[\d:.]{4,12}>|\{\\an\d\}", re.IGNORECASE
)
TAG = re.compile(r"<\s*[a-z/!?]", re.IGNORECASE)
BREAKS = re.compile(r"[\r\n]+")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
APART = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words between two instants of the video, in milliseconds."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SafeCaptions:
    """The same words in both forms that networks take."""

    cues: tuple[Cue, ...]

    def written(self, mime: str) -> bytes:
        """The file in the form `mime`."""
        return (_webvtt(self.cues) if mime == WEBVTT else _subrip(self.cues)).encode()

    def name(self, mime: str) -> str:
        """The SHA-256 of the file with its ending."""
        ending = "vtt" if mime == WEBVTT else "srt"
        return f"{hashlib.sha256(self.written(mime)).hexdigest()}.{ending}"


def require_size(size: int) -> None:
    """Refused at `captions` where so many bytes are more than a person may upload."""
    if size > UPLOAD_BYTES:
        raise Refused(_("The file of captions is larger than 1 MB."), field="captions")


def parsed(upload: File[Any]) -> SafeCaptions:
    """The captions in `upload`. Raises Refused at `captions` with the line that cannot be read."""
    upload.seek(0)
    raw = upload.read(UPLOAD_BYTES + 1)
    require_size(len(raw))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            _("These captions are not written in UTF-8. Save them so, and try again."), field="captions"
        ) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues = tuple(_cues(lines))
    if not cues:
        raise _wrong(1, _("no captions begin here. Use a WebVTT or SubRip file."))
    return SafeCaptions(cues)


def _wrong(line: int, what: Any) -> Refused:
    return Refused(Sentence(_("Line %(line)s: %(what)s"), line=line, what=what), field="captions")


def _cues(lines: list[str]) -> Iterator[Cue]:
    """Cue by cue; a block is what stands between two empty lines."""
    before, count = 0, 0
    for number, block in _blocks(lines):
        if number == 1 and block[0].split() and block[0].split()[0] == "WEBVTT":
            continue
        if block[0].split()[0] in APART:
            continue
        cue = _cue(number, block)
        count += 1
        if cue.start < before:
            raise _wrong(number, _("this caption begins before the one above it."))
        if count > MOST_CUES:
            raise _wrong(number, _("there are too many captions."))
        before = cue.start
        yield cue


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(number: int, block: list[str]) -> Cue:
    """A name or number may stand above the times."""
    at = 0 if "-->" in block[0] else 1
    if at >= len(block) or not (times := ARROW.fullmatch(block[at])):
        raise _wrong(number + min(at, len(block) - 1), _("a time like 00:01:02.500 --> 00:01:04.000 is missing."))
    start, end = _moment(times["start"], number + at), _moment(times["end"], number + at)
    if end <= start:
        raise _wrong(number + at, _("the caption ends before it begins."))
    lines = (_words(line, number + at + 1 + row) for row, line in enumerate(block[at + 1 :]))
    text = "\n".join(filter(None, lines))  # at an empty line a caption ends: what follows would be lost
    if len(text) > LONGEST_CUE:
        raise _wrong(number + at + 1, _("this caption is too long to be read."))
    if not text.strip():
        raise _wrong(number + at, _("this caption has no words."))
    return Cue(start, end, text)


def _moment(written: str, line: int) -> int:
    found = TIME.fullmatch(written)
    if not found:
        raise _wrong(line, Sentence(_("“%(time)s” is not a time."), time=written[:30]))
    hours, minutes, seconds, rest = (int(part or 0) for part in found.groups())
    return min(((hours * 60 + minutes) * 60 + seconds) * 1000 + rest, LONGEST_MS)


def _words(line: str, number: int) -> str:
    """The line without marks of form. What still looks like a tag is none that captions know."""
    plain = BREAKS.sub(" ", unescaped(MARKS.sub("", line))).strip()
    if TAG.search(plain) or "-->" in plain or CONTROL.search(plain):
        raise _wrong(number, _("there is something here that is not plain text."))
    return plain


def _webvtt(cues: tuple[Cue, ...]) -> str:
    blocks = [
        f"{_time(one.start, '.')} --> {_time(one.end, '.')}\n{html.escape(one.text, quote=False)}" for one in cues
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _subrip(cues: tuple[Cue, ...]) -> str:
    blocks = [
        f"{number}\n{_time(one.start, ',')} --> {_time(one.end, ',')}\n{one.text}"
        for number, one in enumerate(cues, start=1)
    ]
    return "\n\n".join(blocks) + "\n"


def _time(moment: int, point: str) -> str:
    seconds, rest = divmod(moment, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"
