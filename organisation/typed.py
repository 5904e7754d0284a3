"""What a person typed into a form whose act did not happen: the page that says so hands it back."""

from __future__ import annotations

import functools
import re
from enum import Enum, StrEnum

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import models
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from organisation.roles import ROLES

# A figure, a moment, or a mark of the form's own.
_MARK = re.compile(r"[0-9T:.+-]*|[0-9a-f-]{32,}|[a-z]*_[a-z_]*|on")
# Fields of units, which bear names of their own.
_CHOSEN = "unit"
# What nobody wants to see on a page, and where one is led afterwards.
_NOT_SHOWN = re.compile("pass|secret|token|code|credential|again|key|^next$", re.IGNORECASE)


def typed(request: HttpRequest) -> list[str]:
    """The texts that a form of ours sent with `request`, in its order; no secrets, and nothing that was only chosen.

    Somebody's one word that is also the name of a choice of ours, of all there are, is taken for a choice.
    """
    if request.method != "POST" or not _from_here(request):
        return []
    try:
        fields = request.POST.lists()
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):  # too large, or no form
        return []
    sent = ((name, text.strip()) for name, texts in fields for text in texts)
    written = ((name, text) for name, text in sent if name != _CHOSEN and not is_secret(name))
    return [text for _name, text in written if not (_MARK.fullmatch(text) or _is_choice(text))]


def _is_choice(text: str) -> bool:
    """Whether a state, role, language or anything else that forms of ours let people choose is called so."""
    return text in ROLES or text in _choices()


@functools.cache
def _choices() -> frozenset[str]:
    return frozenset(str(one.value) for kind in (*_kinds(StrEnum), *_kinds(models.TextChoices)) for one in kind)


def _kinds(above: type[Enum]) -> list[type[Enum]]:
    return [one for below in above.__subclasses__() for one in (below, *_kinds(below))]


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold what nobody wants to see again: a password, a code, a token."""
    return bool(_NOT_SHOWN.search(name))


def _from_here(request: HttpRequest) -> bool:
    """False where a browser says that another site wrote it: its words are not repeated on a page of ours."""
    return request.headers.get("origin") in (None, f"{request.scheme}://{request.get_host()}")
