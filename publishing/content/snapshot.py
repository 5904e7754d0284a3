"""All that a post would send, and the one hash that an approval is bound to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from delivery.content import content_hash


@dataclass(frozen=True)
class Snapshot:
    """Contents and hashes by "account id:language"."""

    contents: Mapping[str, dict[str, Any]]
    hashes: Mapping[str, str]

    @property
    def hash(self) -> str:
        """SHA-256, in hexadecimal, over the hash of every variant; another account or language changes it too."""
        return content_hash({"variants": dict(self.hashes)})

    def hash_of(self, account_id: int, language: str) -> str:
        """The hash of one variant; empty where there is none."""
        return self.hashes.get(key(account_id, language), "")


def key(account_id: int, language: str) -> str:
    return f"{account_id}:{language}"
