"""YouTube's ids, and the addresses at which people see what they name."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
COMMENT = re.compile(r"[A-Za-z0-9_-]{12,100}(?:\.[A-Za-z0-9_-]{1,100})?")
VIDEO_PATH = re.compile(r"/(?:shorts|live|embed|v)/([A-Za-z0-9_-]{11})/?")
HOSTS = ("www.youtube.com", "youtube.com", "m.youtube.com")
SHORT = "youtu.be"


def is_video(identifier: str) -> bool:
    """Ids of videos have eleven signs; those of comments have more."""
    return VIDEO.fullmatch(identifier) is not None


def thread_of(comment: str) -> str:
    """The top-level comment that a comment stands below, or is: an answer carries its id before a dot."""
    return comment.partition(".")[0]


def video_url(video: str, base_url: str) -> str:
    return f"{base_url.rstrip('/')}/watch?v={video}"


def comment_url(comment: str, video: str, base_url: str) -> str:
    """Where a comment is highlighted; one about no video is only reachable by its own id."""
    page = f"{base_url.rstrip('/')}/watch?"
    return f"{page}v={video}&lc={comment}" if video else f"{page}lc={comment}"


def channel_url(channel: str, base_url: str) -> str:
    return f"{base_url.rstrip('/')}/channel/{channel}"


def place(url: str, base_url: str) -> tuple[str, str]:
    """The video and the comment that people see at `url`; empty where there is none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "", ""
    host = parts.netloc.casefold()
    if parts.scheme not in ("http", "https") or host not in (*HOSTS, SHORT, urlsplit(base_url).netloc.casefold()):
        return "", ""
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    found = VIDEO_PATH.fullmatch(parts.path)
    if host == SHORT:
        video = parts.path.strip("/")
    elif parts.path.rstrip("/") == "/watch":
        video = asked.get("v", "")
    else:
        video = found.group(1) if found else ""
    comment = asked.get("lc", "")
    return video if VIDEO.fullmatch(video) else "", comment if COMMENT.fullmatch(comment) else ""
