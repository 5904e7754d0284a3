"""A key for the second step, as a browser tells of it, with everything about it that may be told wrongly."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """It signs for the site `rp` and counts its uses, as long as `count` is no 0 of its own."""

    def __init__(self, rp: str = "testserver") -> None:
        self.rp, self.count, self.id = rp, 0, os.urandom(16)
        self._private = ec.generate_private_key(ec.SECP256R1())

    def create(self, challenge: str) -> dict[str, Any]:
        """What is told when it is set up."""
        public = ES256.from_cryptography_key(self._private.public_key())
        attested = bytes(AttestedCredentialData.create(bytes(16), self.id, public))
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(PRESENT | VERIFIED | ATTESTED, 0) + attested}
        said = {"clientDataJSON": self._client("webauthn.create", challenge), "attestationObject": cbor.encode(made)}
        return self._told(said) | {"clientExtensionResults": {"credProps": {"rk": False}}}

    def get(self, challenge: str, *, count: int | None = None) -> dict[str, Any]:
        """What is told when it is used; `count` as it says it, the next one where nothing is said."""
        if count is None:
            self.count += 1
            count = self.count
        data, client = self._data(PRESENT | VERIFIED, count), self._client("webauthn.get", challenge)
        signed = self._private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told({"clientDataJSON": client, "authenticatorData": data, "signature": signed})

    def _data(self, flags: int, count: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": f"https://{self.rp}"}).encode()

    def _told(self, said: dict[str, bytes]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        response = {key: websafe_encode(value) for key, value in said.items()}
        return {"type": "public-key", "id": name, "rawId": name, "clientExtensionResults": {}, "response": response}
