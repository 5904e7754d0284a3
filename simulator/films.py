"""What kind of film some bytes are, read from the bytes alone."""

from __future__ import annotations

TYPES = ("video/mp4", "video/webm")
EBML = b"\x1aE\xdf\xa3"


def kind_of(content: bytes) -> str:
    """The mime type of an MP4 or WebM film; empty for anything else."""
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return "video/webm" if content.startswith(EBML) and b"webm" in content[:64] else ""
