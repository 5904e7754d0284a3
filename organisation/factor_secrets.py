"""Seals the secrets of second factors: the seed of an app's codes, the seed of the codes for a lost phone.

Every process that signs people in has to open these, so they do not lie in the vault of credentials, which only workers
open: they have keys of their own, derived from the same master keys for this purpose alone. Each is bound to its
person: moved to somebody else's row, it does not open.
"""

from __future__ import annotations

import base64
import binascii
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
PURPOSE = b"parvis: secrets of second factors"


class Broken(Exception):
    """It does not open: tampered with, moved to another person, never sealed, or its key is gone. Holds no secret."""


def seal(secret: str, person: int) -> str:
    """`secret` for `person`, as "key id.base64", under the first of the keys."""
    key_id = current_key()
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(_key(key_id)).encrypt(nonce, secret.encode(), _bound(person))
    return f"{key_id}.{base64.b64encode(sealed).decode()}"


def reveal(sealed: str, person: int) -> str:
    """The secret that was sealed for `person`; Broken for anybody else."""
    key_id, _, encoded = sealed.rpartition(".")
    if key_id not in master_keys(settings.VAULT_KEYS):
        raise Broken("not sealed, or its key is gone")
    try:
        body = base64.b64decode(encoded, validate=True)
        return AESGCM(_key(key_id)).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(person)).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise Broken("does not open for this person") from None


def key_of(sealed: str) -> str:
    """The id of the key under which it lies."""
    return sealed.rpartition(".")[0]


def current_key() -> str:
    """The id of the master key that seals."""
    return next(iter(master_keys(settings.VAULT_KEYS)))


def _bound(person: int) -> bytes:
    return f"second factor of person {person}".encode()


def _key(key_id: str) -> bytes:
    return _derived(master_keys(settings.VAULT_KEYS)[key_id])


@cache
def _derived(master: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE).derive(master)


@cache
def master_keys(written: str) -> dict[str, bytes]:
    """Key bytes by id, the sealing one first, from "id:base64,id:base64"."""
    keys: dict[str, bytes] = {}
    for entry in written.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        try:
            keys[key_id] = base64.b64decode(encoded, validate=True)
        except ValueError:  # also where it is not of ASCII
            raise ImproperlyConfigured(f"PARVIS_VAULT_KEYS: the key “{key_id}” is not base64.") from None
        if not key_id or len(keys[key_id]) != KEY_BYTES:
            raise ImproperlyConfigured(f"PARVIS_VAULT_KEYS: the key “{key_id}” is not {KEY_BYTES} bytes long.")
    return keys
