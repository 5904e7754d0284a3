"""What an environment for production still lacks, each by its name: `manage.py check --deploy`.

A missing secret stops the start by itself (governance/settings.py). What stands here lets Parvis start, and something
fail later: this says it before.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from governance.nonsense import is_address, nonsense, taken_apart
from networks import versions
from organisation.factor_secrets import KEY_BYTES, master_keys

# The variable, and what does not work without it.
NEEDED = {
    "DATABASE_URL": "Parvis looks for a database named parvis on this machine.",
    "PARVIS_BROKER_URL": "workers look for Redis on this machine.",
    "PARVIS_HOSTS": "no page is answered.",
    "PARVIS_ORIGINS": "no form is accepted from behind a proxy, and networks are not told where to call.",
    "PARVIS_AUDIT_CHECKPOINTS": "nothing outside the database proves the audit trail.",
    "PARVIS_WITNESS": "what tells a restored backup lies beside the code.",
    "PARVIS_MEDIA": "pictures and films are kept beside the code.",
}
WITNESSES, BROKERS = (
    ("file", "redis", "rediss", "https"),
    ("redis", "rediss", "amqp", "amqps", "filesystem", "sentinel"),
)
HINT = "docs/production.md says what belongs in it."


@checks.register(deploy=True)
def the_environment_is_whole(app_configs: Sequence[Any] | None, **_told: Any) -> list[checks.CheckMessage]:
    """Empty outside production, where what starts Parvis brings its own environment."""
    found = [*_missing(), *_unreadable(), *nonsense(), *_unsafe(), *_closed()] if settings.PRODUCTION else []
    return [checks.Warning(sentence, hint=HINT, id="governance.W001") for sentence in found]


@checks.register()
def the_versions_are_named(app_configs: Sequence[Any] | None, **_told: Any) -> list[checks.CheckMessage]:
    return [checks.Error(sentence, hint=HINT, id="governance.E001") for sentence in versions.unreadable()]


@checks.register(deploy=True)
def the_versions_live(app_configs: Sequence[Any] | None, **_told: Any) -> list[checks.CheckMessage]:
    """Ninety days before a network stops to serve the version of its API that Parvis speaks."""
    return [
        checks.Warning(
            f"{one.api} {one.name} is served until {one.ends:%d/%m/%Y}: after that nothing is sent or read there.",
            hint=f"Parvis has to learn the next version; then {one.variable} names it.",
            id="governance.W002",
        )
        for one in versions.ending(timezone.now().date())
    ]


def _missing() -> Iterator[str]:
    for name, consequence in NEEDED.items():
        if not os.environ.get(name):
            yield f"{name} is not set: {consequence}"


def _unreadable() -> Iterator[str]:
    """What is set, and is not what it has to be."""
    try:
        master_keys(settings.VAULT_KEYS)
    except ImproperlyConfigured as error:
        yield str(error)
    if settings.AUDIT_KEY and not _is_key(settings.AUDIT_KEY):
        yield f"PARVIS_AUDIT_KEY is not {KEY_BYTES} bytes in base64: nothing of the audit trail is signed."
    if settings.AUDIT_CHECKPOINTS and not os.path.isabs(settings.AUDIT_CHECKPOINTS):
        yield "PARVIS_AUDIT_CHECKPOINTS has to be a whole path, from / on."
    for name, address, schemes in (
        ("PARVIS_WITNESS", settings.WITNESS, WITNESSES),
        ("PARVIS_BROKER_URL", settings.CELERY_BROKER_URL, BROKERS),
    ):
        where = taken_apart(address)
        if where is None:
            yield f"{name} is no address that can be read: look at its host and its port."
        elif where.scheme not in schemes:
            yield f"{name} has to begin with {', '.join(f'{one}://' for one in schemes)}."
        elif not (where.netloc or where.path.strip("/") or address == "filesystem://"):
            yield f"{name} says how, and not where: something has to follow the //."
    for name, number in (
        ("PARVIS_DELIVERY_LEASE", settings.DELIVERY_LEASE.total_seconds()),
        ("PARVIS_DELIVERY_THREADS", settings.DELIVERY_THREADS),
        ("PARVIS_VIDEO_BYTES", settings.VIDEO_BYTES),
    ):
        if number < 1:
            yield f"{name} is {number:g}: it has to be 1 or more."
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT < 0:
        yield "PARVIS_PROXY_COUNT is below 0: a stranger's address is not known."


def _is_key(written: str) -> bool:
    try:
        return len(base64.b64decode(written, validate=True)) == KEY_BYTES
    except ValueError:  # also where it is not of ASCII
        return False


def _unsafe() -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "PARVIS_HOSTS is *: a stranger chooses the address in the links that Parvis sends."
    # An origin may stand for all below a name: https://*.example.
    addresses = [("PARVIS_ORIGINS", origin.replace("//*.", "//", 1)) for origin in settings.CSRF_TRUSTED_ORIGINS]
    if os.environ.get("PARVIS_PUBLIC_URL"):
        addresses.append(("PARVIS_PUBLIC_URL", settings.PUBLIC_URL))
    for name, address in addresses:
        if not is_address(address, schemes=("https",)):
            yield f"{name} holds {address}: it has to begin with https:// and a host."
    if bool(settings.SECURE_PROXY_SSL_HEADER) != (settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0):
        yield "PARVIS_BEHIND_PROXY and PARVIS_PROXY_COUNT belong together: else a stranger's address is not known."


def _closed() -> Iterator[str]:
    if os.environ.get("PARVIS_MEDIA") and not os.access(settings.MEDIA_ROOT, os.W_OK):
        yield f"PARVIS_MEDIA is {settings.MEDIA_ROOT}, where this process cannot write."
    if settings.FILE_UPLOAD_TEMP_DIR and not os.access(settings.FILE_UPLOAD_TEMP_DIR, os.W_OK):
        yield f"PARVIS_UPLOADS is {settings.FILE_UPLOAD_TEMP_DIR}, where this process cannot write."
    if settings.FFMPEG and not shutil.which(settings.FFMPEG):
        yield f"PARVIS_FFMPEG is {settings.FFMPEG}, which is no program here."
