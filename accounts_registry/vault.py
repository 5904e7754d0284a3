"""Seals secrets with AES-256-GCM, each under a data key of its own that a master key wraps.

The master keys come from the settings and are never in the database. Each box is bound to the row it lies in: moved to
another row, neither the data key nor the secret opens. Changing the master key wraps the data keys anew, and no secret
is opened for it.

Only a worker opens credentials (`open_in_this_process`): a web process that is taken over has the boxes, and the code
that a person types in, but no way through here to what was sealed before.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from organisation.factor_secrets import KEY_BYTES, current_key, master_keys

NONCE_BYTES = 12
# What a consent under way keeps until the person is back. The one thing that a web process opens.
CONSENT = b"consent:"


class Broken(Exception):
    """The box does not open: tampered with, moved to another row, or its key is gone. Holds no secret."""


class Shut(Exception):
    """This process is no worker: it opens no credentials, and reads nothing that strangers or people uploaded."""


@dataclass(frozen=True)
class Box:
    """What the database keeps of a secret. `wrapped` is its data key, under the master key `key_id`."""

    ciphertext: bytes
    nonce: bytes
    wrapped: bytes
    key_id: str


class _Door:
    """Whether this process is a worker's. Of the process, not of a thread: a worker's threads are workers."""

    is_open = False


def open_in_this_process() -> None:
    """From here on this process opens credentials. For the start of a worker, and for nobody else."""
    _Door.is_open = True


def require_worker() -> None:
    """Shut outside a worker."""
    if not _Door.is_open:
        raise Shut("this is done by workers only")


def seal(secret: str, row: bytes) -> Box:
    """`secret` for the row that `row` names, under a new data key, which the first master key wraps."""
    data_key, nonce = AESGCM.generate_key(KEY_BYTES * 8), os.urandom(NONCE_BYTES)
    key_id = current_key()
    return Box(AESGCM(data_key).encrypt(nonce, secret.encode(), row), nonce, _wrap(data_key, key_id, row), key_id)


def unseal(box: Box, row: bytes) -> str:
    """The secret that was sealed for `row`; Broken for any other, Shut outside a worker."""
    require_worker()
    return _open(box, row)


def unseal_kept(box: Box, row: bytes) -> str:
    """What a consent under way keeps, in any process; Shut for the row of anything else."""
    if not row.startswith(CONSENT):
        raise Shut("this door is for consents under way")
    return _open(box, row)


def rewrap(box: Box, row: bytes) -> Box:
    """The same secret with its data key under the first master key. `Broken` where the old one does not open."""
    key_id = current_key()
    return replace(box, wrapped=_wrap(_unwrap(box, row), key_id, row), key_id=key_id)


def _open(box: Box, row: bytes) -> str:
    data_key = _unwrap(box, row)
    try:
        return AESGCM(data_key).decrypt(box.nonce, box.ciphertext, row).decode()
    except InvalidTag:
        raise Broken("does not open for this row") from None


def _wrap(data_key: bytes, key_id: str, row: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(master_keys(settings.VAULT_KEYS)[key_id]).encrypt(nonce, data_key, b"key of " + row)


def _unwrap(box: Box, row: bytes) -> bytes:
    master = master_keys(settings.VAULT_KEYS).get(box.key_id)
    if master is None:
        raise Broken(f"no key named {box.key_id}")
    nonce, wrapped = box.wrapped[:NONCE_BYTES], box.wrapped[NONCE_BYTES:]
    try:
        return AESGCM(master).decrypt(nonce, wrapped, b"key of " + row)
    except (InvalidTag, ValueError):
        raise Broken("does not open for this row") from None
