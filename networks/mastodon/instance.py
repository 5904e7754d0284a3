"""What one server allows, as it tells it to anybody: each sets its own limits."""

from __future__ import annotations

from typing import Any

from networks.answers import read_json
from networks.egress import Egress
from networks.errors import Unavailable

PATH = "/api/v2/instance"
PLACES = {
    "text_limit": ("statuses", "max_characters"),
    "max_media": ("statuses", "max_media_attachments"),
    "alt_limit": ("media_attachments", "description_limit"),
    "media_bytes": ("media_attachments", "image_size_limit"),
    "video_bytes": ("media_attachments", "video_size_limit"),
    "address_length": ("statuses", "characters_reserved_per_url"),
}
LARGEST = 10**12


def read_limits(base_url: str, egress: Egress) -> dict[str, int]:
    """What the server at `base_url` says of itself, by the names of `Capabilities.at`.

    Only what it says; read without credentials. `Unavailable` where it does not answer; empty where it has never heard
    of the question.
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
