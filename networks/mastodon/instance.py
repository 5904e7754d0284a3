"""What one server allows, as it tells it to anybody: each sets its own limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from networks.answers import read_json
from networks.catalogue import network
from networks.egress import Egress
from networks.errors import Unavailable
from networks.kinds import Capabilities

PATH = "/api/v2/instance"
PLACES = {
    "text": ("statuses", "max_characters"),
    "url_length": ("statuses", "characters_reserved_per_url"),
    "media": ("statuses", "max_media_attachments"),
    "alt": ("media_attachments", "description_limit"),
    "media_bytes": ("media_attachments", "image_size_limit"),
    "video_bytes": ("media_attachments", "video_size_limit"),
}
LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class InstanceLimits:
    """The defaults are what every Mastodon takes. 4.6 takes 10,000 characters of words for a picture, older ones 1,500.

    Lengths are in the network's own unit, the rest in bytes and pieces.
    """

    text: int = 500
    url_length: int = 23
    alt: int = 1500
    media: int = 4
    media_bytes: int = 16_000_000
    video_bytes: int = 40_000_000

    @classmethod
    def known(cls, told: Mapping[str, int]) -> InstanceLimits:
        """From what `read_limits` once found; what is not in it stays at its default."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in told.items() if name in names})

    def narrowed(self, capabilities: Capabilities) -> Capabilities:
        """The catalogue's capabilities as this server has them."""
        videos = capabilities.videos and replace(capabilities.videos, max_bytes=self.video_bytes)
        return replace(
            capabilities,
            text_limit=self.text,
            alt_limit=self.alt,
            max_media=self.media,
            media_bytes=self.media_bytes,
            videos=videos,
        )


def read_limits(base_url: str, egress: Egress) -> dict[str, int]:
    """What the server at `base_url` says of itself, by the names of `InstanceLimits`; only what it says.

    Read without credentials. `Unavailable` where it does not answer; empty where it has never heard of the question.
    """
    answer = egress.get(f"{base_url.rstrip('/')}{PATH}", {"Accept": "application/json"})
    if answer.status in (404, 410):
        return {}
    told = read_json(answer)
    if answer.status != 200 or not isinstance(told, dict):
        raise Unavailable(f"{answer.status}")
    found = {name: _number(told.get("configuration"), *place) for name, place in PLACES.items()}
    return {name: value for name, value in found.items() if value is not None}


def _number(told: Any, part: str, name: str) -> int | None:
    inner = told.get(part) if isinstance(told, dict) else None
    value = inner.get(name) if isinstance(inner, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST else None


def capabilities_of(limits: InstanceLimits) -> Capabilities:
    return limits.narrowed(network("mastodon").capabilities)
