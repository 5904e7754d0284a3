"""Answers that are kept for a program that asks the same again, so that only it reads them.

They may hold what citizens wrote, and so lie in the database under a key that is derived from the words of the call
(`Idempotency-Key`), which are not kept: no dump, and nobody who looks for an erased person, finds anything there.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from organisation.factor_secrets import KEY_BYTES, NONCE_BYTES, master_keys

PURPOSE = b"parvis: answers to calls that come twice"


class Unreadable(Exception):
    """It does not open: another call's, or the key is gone under which it was sealed."""


def seal(answer: str, words: str) -> str:
    """`answer` for whoever knows `words`, as "key id.base64"."""
    key_id, master = next(iter(master_keys(settings.VAULT_KEYS).items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(_key(master, words)).encrypt(nonce, answer.encode(), None)
    return f"{key_id}.{base64.b64encode(sealed).decode()}"


def reveal(sealed: str, words: str) -> str:
    """The answer that was sealed with `words`; Unreadable with any others."""
    key_id, _, encoded = sealed.rpartition(".")
    try:
        body = base64.b64decode(encoded, validate=True)
        key = _key(master_keys(settings.VAULT_KEYS)[key_id], words)
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], None).decode()
    except (KeyError, InvalidTag, ValueError, binascii.Error):
        raise Unreadable from None


def _key(master: bytes, words: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=words.encode(), info=PURPOSE).derive(master)
