"""What a person typed into a form whose act did not happen: the page that says so hands it back."""

from __future__ import annotations

import re

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

# One word of small letters and figures may as well be a choice, a number, a moment or a mark of the form's own.
_ONE_WORD = re.compile(r"[a-z0-9_.-]*|[0-9T:.+-]*")
# What nobody wants to see on a page, and where one is led afterwards.
_NOT_SHOWN = re.compile("pass|secret|token|code|credential|again|key|^next$", re.IGNORECASE)


def typed(request: HttpRequest) -> list[str]:
    """The texts that a form of ours sent with `request`, in its order; no secrets, and nothing that was only chosen."""
    if request.method != "POST" or not _from_here(request):
        return []
    try:
        fields = request.POST.lists()
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):  # too large, or no form
        return []
    sent = ((name, text.strip()) for name, texts in fields for text in texts)
    return [text for name, text in sent if not (is_secret(name) or _ONE_WORD.fullmatch(text))]


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold what nobody wants to see again: a password, a code, a token."""
    return bool(_NOT_SHOWN.search(name))


def _from_here(request: HttpRequest) -> bool:
    """False where a browser says that another site wrote it: its words are not repeated on a page of ours."""
    return request.headers.get("origin") in (None, f"{request.scheme}://{request.get_host()}")
