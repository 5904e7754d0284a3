"""What one server is and allows, as it tells it to anybody: each sets its own limits, and many are not Mastodon."""

from __future__ import annotations

from typing import Any

from networks.addresses import taken_apart
from networks.answers import read_json
from networks.egress import Egress
from networks.errors import Unavailable
from networks.kinds import RAW_COUNTING, ServerFacts
from networks.mastodon.software import software

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
LONGEST_NAME = 40
JSON = {"Accept": "application/json"}


def read_facts(base_url: str, egress: Egress) -> ServerFacts:
    """What the server at `base_url` says of itself, its limits by the names of `Capabilities.at`.

    Only what it says; read without credentials. `Unavailable` where it does not answer; nothing where it has never
    heard of the question.
    """
    name = read_software(base_url, egress)
    limits = read_limits(base_url, egress)
    if name and not software(name).discounts:
        limits[RAW_COUNTING] = 1
    return ServerFacts(limits, name)


def read_limits(base_url: str, egress: Egress) -> dict[str, int]:
    answer = egress.get(f"{base_url.rstrip('/')}{PATH}", JSON)
    if answer.status in (404, 410):
        return {}
    told = read_json(answer)
    if answer.status != 200 or not isinstance(told, dict):
        raise Unavailable(f"{answer.status}")
    found = {name: _number(told.get("configuration"), *place) for name, place in PLACES.items()}
    return {name: value for name, value in found.items() if value is not None}


def read_software(base_url: str, egress: Egress) -> str:
    """The name in NodeInfo, in lower case; empty where the server tells none. Asked of this very server only."""
    base = base_url.rstrip("/")
    links = read_json(egress.get(f"{base}/.well-known/nodeinfo", JSON))
    for link in _listed(links, "links"):
        parts = taken_apart(str(link.get("href") if isinstance(link, dict) else ""))
        if parts.path.startswith("/"):
            told = read_json(egress.get(f"{base}{parts.path}", JSON))
            named = told.get("software") if isinstance(told, dict) else None
            name = named.get("name") if isinstance(named, dict) else None
            return name.casefold()[:LONGEST_NAME] if isinstance(name, str) and name.isprintable() else ""
    return ""


def _listed(told: Any, name: str) -> list[Any]:
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, list) else []


def _number(told: Any, part: str, name: str) -> int | None:
    inner = told.get(part) if isinstance(told, dict) else None
    value = inner.get(name) if isinstance(inner, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST else None
