"""Values of the environment that nobody can have meant, each named by its variable: Parvis would start with them, and
what they are for would fail in silence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import environ
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from networks.catalogue import NETWORKS
from organisation.verifier import keys_of

LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?"
HOST = re.compile(rf"\.?{LABEL}(\.{LABEL})*", re.IGNORECASE)
FACTS = ("ID", "SECRET", "WEBHOOK_SECRET", "TOKEN", "NUMBER")
APP = "PARVIS_APP_"
NO = ("false", "no", "n", "off", "0")


def nonsense() -> Iterator[str]:
    """A sentence for each value that is none."""
    yield from _databases()
    yield from _hosts()
    yield from _mail()
    yield from _audit()
    yield from _apps()
    yield from _servers()
    yield from _choices()


def _databases() -> Iterator[str]:
    if os.environ.get("PARVIS_MIGRATION_DATABASE_URL") and not settings.APPLICATION_ROLE:
        yield "DATABASE_URL names no role: PARVIS_MIGRATION_DATABASE_URL has nobody to grant anything to."


def _hosts() -> Iterator[str]:
    for host in settings.ALLOWED_HOSTS:
        if host != "*" and not _is_host(host):
            yield f"PARVIS_HOSTS holds {host!r}: it has to be a host's name alone, without https:// or a port."
    for pair in sorted(settings.EGRESS_ALLOW):
        host, _colon, port = pair.rpartition(":")
        if not (_is_host(host) and host == host.lower() and port.isdecimal() and 0 < int(port) < 65536):
            yield f"PARVIS_EGRESS_ALLOW holds {pair!r}: it has to be a host in small letters, a colon and a port."


def _is_host(host: str) -> bool:
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return HOST.fullmatch(host) is not None
    return True


def _mail() -> Iterator[str]:
    for address in settings.AUDIT_MAIL:
        if not _is_mail(address):
            yield f"PARVIS_AUDIT_MAIL holds {address!r}, which is no address: no checkpoint reaches an auditor there."
    if os.environ.get("PARVIS_MAIL_FROM") and not _is_mail(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]):
        yield f"PARVIS_MAIL_FROM is {settings.DEFAULT_FROM_EMAIL!r}: it has to hold a sender's address."
    if settings.MAIL_WORKS and not getattr(settings, "EMAIL_HOST", ""):
        yield "PARVIS_MAIL_URL names no host: no mail leaves."


def _is_mail(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _audit() -> Iterator[str]:
    for key in settings.AUDIT_PUBLIC_KEYS:
        try:
            keys_of([key])
        except (ValueError, OSError):
            yield f"PARVIS_AUDIT_PUBLIC_KEYS holds {key!r}: no Ed25519 key in base64, no PEM file's path."
    where = taken_apart(settings.AUDIT_PUT)
    schemes = ("https", "http") if where is not None and where.netloc in settings.EGRESS_ALLOW else ("https",)
    if settings.AUDIT_PUT and not is_address(settings.AUDIT_PUT, schemes=schemes):
        yield "PARVIS_AUDIT_PUT has to be a whole address, from https:// on."
    for name, words in (
        ("PARVIS_AUDIT_PUT_AUTHORIZATION", settings.AUDIT_PUT_AUTHORIZATION),
        ("PARVIS_WITNESS_TOKEN", settings.WITNESS_TOKEN),
    ):
        if not (words.isascii() and words.isprintable()):
            yield f"{name} holds a sign that no header carries."


def _apps() -> Iterator[str]:
    known = {f"{APP}{key.upper()}_{fact}" for key in NETWORKS for fact in FACTS}
    for name, written in sorted(os.environ.items()):
        if not name.startswith(APP) or not written:
            continue
        if name not in known:
            yield f"{name} is nothing that Parvis reads: no network or no fact of an app is called so."
        elif not (written.isascii() and written.isprintable() and " " not in written):
            yield f"{name} is nothing that a network gave: it holds a space, or a sign beyond ASCII."
        elif name.endswith("_NUMBER") and not written.isdecimal():
            yield f"{name} has to be a number."
    for key in NETWORKS:
        one, other = (f"{APP}{key.upper()}_{fact}" for fact in ("ID", "SECRET"))
        if bool(os.environ.get(one)) != bool(os.environ.get(other)):
            yield f"{one} and {other} belong together: without both, nobody can agree to that network."


def _servers() -> Iterator[str]:
    for key, address in settings.NETWORK_SERVERS.items():
        if address and not is_address(address, schemes=("https", "http")):
            yield f"PARVIS_SERVER_{key.upper()} has to be a whole address, from https:// on."


def _choices() -> Iterator[str]:
    """What is read as "no" where it is no word for "yes" would switch something off in silence."""
    for name in ("PARVIS_SSL_REDIRECT", "PARVIS_BEHIND_PROXY"):
        written = os.environ.get(name, "")
        if written and written.lower() not in (*environ.Env.BOOLEAN_TRUE_STRINGS, *NO):
            yield f"{name} is {written!r}: it has to be true or false."
    if os.environ.get("PARVIS_SECOND_FACTOR", "") not in ("", "off", "required"):
        yield "PARVIS_SECOND_FACTOR is off, required or not set."


def taken_apart(written: str) -> SplitResult | None:
    """The parts of an address; None where it is none, or its port no number that a port may be."""
    try:
        parts = urlsplit(written)
        _port = parts.port
    except ValueError:
        return None
    return parts


def is_address(written: str, *, schemes: Iterable[str]) -> bool:
    """A whole address, of one of `schemes`, with a host that can be one."""
    parts = taken_apart(written)
    return parts is not None and parts.scheme in schemes and _is_host(parts.hostname or "")
