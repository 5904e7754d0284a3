"""Reads the environment. What cannot be read at all stops the start with a sentence that names it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def number(name: str, default: int) -> int:
    """A whole number."""
    try:
        return int(env.int(name, default=default))
    except ValueError:
        raise ImproperlyConfigured(f"{name} has to be a whole number.") from None


def choice(name: str, default: str, among: Iterable[str]) -> str:
    """One of `among`."""
    written, known = str(env.str(name, default=default)), list(among)
    if written not in known:
        raise ImproperlyConfigured(f"{name} has to be one of {', '.join(known)}.")
    return written


def mail_settings(name: str) -> dict[str, Any]:
    """Django's settings of mail, from one address."""
    try:
        return dict(env.email_url(name))
    except (ImproperlyConfigured, ValueError):
        raise ImproperlyConfigured(f"{name} has to be like smtp+tls://user:password@host:587.") from None
