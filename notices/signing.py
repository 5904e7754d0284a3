"""The secrets with which webhooks are signed. None is kept: each is derived from a master key, for one target alone."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from organisation.factor_secrets import current_key, master_keys

PURPOSE = b"parvis: signs webhooks"


def new_key() -> str:
    """The id of the master key from which a new target's secret is derived."""
    return current_key()


def secret_of(target: Any) -> str:
    """64 hexadecimal digits; KeyError where the master key is gone."""
    master = master_keys(settings.VAULT_KEYS)[target.key_id]
    return HKDF(algorithm=SHA256(), length=32, salt=target.salt.bytes, info=PURPOSE).derive(master).hex()


def signature(secret: str, at: int, body: bytes) -> str:
    """What goes into the header: the moment (seconds since 1970) and the HMAC-SHA256 over it, a full stop and the body,
    so that nobody plays an old call again."""
    return f"t={at},v1={hmac.new(secret.encode(), b'%d.%s' % (at, body), hashlib.sha256).hexdigest()}"
