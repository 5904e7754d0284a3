"""Seals credentials with AES-256-GCM. The keys come from the settings and are never in the database.

Each box is bound to the row it lies in: moved to another row, it does not open.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
KEY_BYTES = 32


class Broken(Exception):
    """The box does not open: tampered with, moved to another row, or its key is gone. Holds no secret."""


@dataclass(frozen=True)
class Box:
    """What the database keeps of a secret."""

    ciphertext: bytes
    nonce: bytes
    key_id: str


def seal(secret: str, row: bytes) -> Box:
    """`secret` for the row that `row` names, under the first key and a nonce of its own."""
    keys = _keys(settings.VAULT_KEYS)
    key_id = next(iter(keys))
    nonce = os.urandom(NONCE_BYTES)
    return Box(AESGCM(keys[key_id]).encrypt(nonce, secret.encode(), row), nonce, key_id)


def unseal(box: Box, row: bytes) -> str:
    """The secret that was sealed for `row`; Broken for any other."""
    key = _keys(settings.VAULT_KEYS).get(box.key_id)
    if key is None:
        raise Broken(f"no key named {box.key_id}")
    try:
        return AESGCM(key).decrypt(bytes(box.nonce), bytes(box.ciphertext), row).decode()
    except InvalidTag:
        raise Broken("does not open for this row") from None


def current_key() -> str:
    """The id of the key that seals."""
    return next(iter(_keys(settings.VAULT_KEYS)))


@cache
def _keys(written: str) -> dict[str, bytes]:
    """Key bytes by id, the sealing one first, from "id:base64,id:base64"."""
    keys: dict[str, bytes] = {}
    for entry in written.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        try:
            keys[key_id] = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ImproperlyConfigured(f"PARVIS_VAULT_KEYS: the key “{key_id}” is not base64.") from None
        if not key_id or len(keys[key_id]) != KEY_BYTES:
            raise ImproperlyConfigured(f"PARVIS_VAULT_KEYS: the key “{key_id}” is not {KEY_BYTES} bytes long.")
    return keys
