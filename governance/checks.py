"""What an environment for production still lacks, each by its name: `manage.py check --deploy`.

A missing secret stops the start by itself (governance/settings.py). What stands here lets Parvis start, and something
fail later: this says it before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.utils import timezone

from networks import versions

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
HINT = "docs/production.md says what belongs in it."


@checks.register(deploy=True)
def the_environment_is_whole(app_configs: Sequence[Any] | None, **_told: Any) -> list[checks.CheckMessage]:
    """Empty outside production, where what starts Parvis brings its own environment."""
    found = [*_missing(), *_unsafe(), *_closed()] if settings.PRODUCTION else []
    return [checks.Warning(sentence, hint=HINT, id="governance.W001") for sentence in found]


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


def _unsafe() -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "PARVIS_HOSTS is *: a stranger chooses the address in the links that Parvis sends."
    addresses = [("PARVIS_ORIGINS", origin) for origin in settings.CSRF_TRUSTED_ORIGINS]
    if os.environ.get("PARVIS_PUBLIC_URL"):
        addresses.append(("PARVIS_PUBLIC_URL", settings.PUBLIC_URL))
    for name, address in addresses:
        if urlsplit(address).scheme != "https":
            yield f"{name} holds {address}: it has to begin with https://."
    if bool(settings.SECURE_PROXY_SSL_HEADER) != bool(settings.ALLAUTH_TRUSTED_PROXY_COUNT):
        yield "PARVIS_BEHIND_PROXY and PARVIS_PROXY_COUNT belong together: else a stranger's address is not known."


def _closed() -> Iterator[str]:
    if os.environ.get("PARVIS_MEDIA") and not os.access(settings.MEDIA_ROOT, os.W_OK):
        yield f"PARVIS_MEDIA is {settings.MEDIA_ROOT}, where this process cannot write."
