"""Letters to people: the same words twice, plain and with a look, in the language of whoever reads them.

No picture, no style sheet and no address but the one that the letter is about: opening it tells nobody anything.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

log = logging.getLogger(__name__)

# Nobody's automatic answer comes back, and no mailing list takes it on.
HEADERS = {"Auto-Submitted": "auto-generated"}
# How it fails: the last where no mail can be written to the address, whose host is no name once it is in punycode.
FAILURES = (SMTPException, OSError, ValueError)


def address_of(request: HttpRequest, address: str) -> str:
    """`address`, a path or a whole one, where this installation is known to be: whoever has a letter sent could name
    another host or port of ours, or none that has a certificate."""
    whole = request.build_absolute_uri(address)
    if not settings.PRODUCTION:
        return whole
    found = urlsplit(whole)
    return f"{settings.PUBLIC_URL.rstrip('/')}{found.path}{'?' if found.query else ''}{found.query}"


def send(letter: str, *, to: Any, address: str, **facts: Any) -> bool:
    """Sends `letter` with the link `address` to a person; False, with a line in the log, where it does not leave."""
    message = written(letter, to=to, address=address, **facts)
    try:
        message.send()
    except FAILURES as failed:
        log.warning("mail “%s” for person %s: %s", letter, to.pk, type(failed).__name__)
        return False
    return True


def written(
    letter: str, *, to: Any, address: str, headers: Mapping[str, str] | None = None, **facts: Any
) -> EmailMultiAlternatives:
    """`letter` (a folder's `subject.txt`, `text.txt` and `page.html` under templates/organisation/mails) with the link
    `address` to a person, in their language; not sent yet."""
    with translation.override(to.language):
        told = {"person": to, "address": address, **facts}
        subject, text, page = (
            render_to_string(f"organisation/mails/{letter}/{part}", told).strip()
            for part in ("subject.txt", "text.txt", "page.html")
        )
        message = EmailMultiAlternatives(
            " ".join(subject.split()), f"{text}\n", None, [to.email], headers=HEADERS | dict(headers or {})
        )
        message.attach_alternative(page, "text/html")
    return message
