"""Reads the environment. What cannot be read at all stops the start with a sentence that names it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
MOST = 10**12


def number(name: str, default: int) -> int:
    """A whole number, which a clock, a column or a pool of threads can hold."""
    try:
        found = int(env.int(name, default=default))
    except ValueError:
        raise ImproperlyConfigured(f"{name} has to be a whole number.") from None
    if abs(found) > MOST:
        raise ImproperlyConfigured(f"{name} has to be at most {MOST}.")
    return found


def choice(name: str, default: str, among: Iterable[str]) -> str:
    """One of `among`."""
    written, known = str(env.str(name, default=default)), list(among)
    if written not in known:
        raise ImproperlyConfigured(f"{name} has to be one of {', '.join(known)}.")
    return written


def is_database(written: str) -> bool:
    """Whether an address names a database of PostgreSQL."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of what is no address at all
            told = environ.Env.db_url_config(written)
    except (ValueError, environ.ImproperlyConfigured):
        return False
    return "postgresql" in (told.get("ENGINE") or "") and bool(told.get("NAME"))


def database(name: str, default: str = "") -> dict[str, Any]:
    """Django's settings of a database, from one address."""
    if not is_database(env.str(name, default=default)):
        raise ImproperlyConfigured(f"{name} names no database of PostgreSQL.")
    return dict(env.db_url(name, default=default))


def mail_settings(name: str) -> dict[str, Any]:
    """Django's settings of mail, from one address."""
    try:
        return dict(env.email_url(name))
    except (ImproperlyConfigured, ValueError):
        raise ImproperlyConfigured(f"{name} has to be like smtp+tls://user:password@host:587.") from None
