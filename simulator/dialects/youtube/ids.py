"""YouTube's ids, made from the square's numbers and read back into them."""

from __future__ import annotations

import base64
import binascii

COMMENT_HEAD, COMMENT_TAIL = "Ugw", "x4AaABAg"
ANSWER_HEAD, ANSWER_TAIL = "9", "_square"


def _coded(number: int, size: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(size, "big")).rstrip(b"=").decode()


def _decoded(text: str, size: int) -> int:
    """0, which is nobody's, for what is no number of ours."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error):
        return 0
    number = int.from_bytes(found, "big")
    return number if len(found) == size and number < 2**63 and _coded(number, size) == text else 0


def video(post_id: int) -> str:
    """Eleven signs."""
    return _coded(post_id, 8)


def comment(post_id: int, thread_id: int | None = None) -> str:
    """A top-level comment; below one (`thread_id`), its id, a dot and another."""
    if thread_id is None:
        return f"{COMMENT_HEAD}{_coded(post_id, 8)}{COMMENT_TAIL}"
    return f"{comment(thread_id)}.{ANSWER_HEAD}{_coded(post_id, 8)}{ANSWER_TAIL}"


def channel(person_id: int) -> str:
    return f"UC{_coded(person_id, 16)}"


def uploads(person_id: int) -> str:
    """The playlist of all that a channel uploaded."""
    return f"UU{_coded(person_id, 16)}"


def post_of_video(text: str) -> int:
    return _decoded(text, 8)


def post_of_comment(text: str) -> int:
    last = text.rpartition(".")[2]
    if "." in text:
        return _decoded(last.removeprefix(ANSWER_HEAD).removesuffix(ANSWER_TAIL), 8)
    return _decoded(last.removeprefix(COMMENT_HEAD).removesuffix(COMMENT_TAIL), 8)


def person_of(text: str) -> int:
    """Whose channel or playlist."""
    return _decoded(text[2:], 16) if text[:2] in ("UC", "UU") else 0


def page_token(before: int) -> str:
    return f"C{_coded(before, 8)}"


def before(token: str) -> int | None:
    """The id that a page token leads on from; None for what is none."""
    return _decoded(token[1:], 8) or None
