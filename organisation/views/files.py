"""Files of ours, whole or in part: players ask for a film piece by piece, and Safari shows none that comes whole."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


class Part:
    """`length` bytes of an open file, from `start` on. It has no file number, by which a server would send the rest."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        file.seek(start)
        self._file = file
        self._left = length

    def read(self, size: int) -> bytes:
        found = self._file.read(min(size, self._left))
        self._left -= len(found)
        return found

    def close(self) -> None:
        self._file.close()


def file_answer(request: HttpRequest, place: Path, mime: str) -> HttpResponseBase:
    """The file at `place` as `mime`, or the one range of bytes that is asked for. Http404 where there is none.

    Nothing in it can run. Several ranges at once, and one that makes no sense, are answered with the whole (RFC 9110).
    """
    try:
        file = place.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise Http404 from None
    facts = os.fstat(file.fileno())
    mark = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    answer = _file_response(file, place.name, mime, _wanted(request, mark, facts.st_size), facts.st_size)
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = mark
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _wanted(request: HttpRequest, mark: str, size: int) -> range | None:
    """The places of the bytes that are asked for, without any where there are none such; None for the whole."""
    found = RANGE.fullmatch(request.headers.get("Range", "").strip())
    same = request.headers.get("If-Range", mark).strip() == mark
    if not found or not same or request.method != "GET":
        return None
    first, last = found.groups()
    if not first:
        return range(max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _file_response(file: BinaryIO, name: str, mime: str, wanted: range | None, size: int) -> HttpResponseBase:
    if wanted is None:
        return FileResponse(file, content_type=mime)
    if not wanted:
        file.close()
        return HttpResponse(status=416, content_type=mime, headers={"Content-Range": f"bytes */{size}"})
    part = Part(file, wanted.start, len(wanted))
    answer = FileResponse(part, content_type=mime, filename=name, status=206)
    answer["Content-Length"] = str(len(wanted))
    answer["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    return answer
