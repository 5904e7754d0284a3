"""What a web page tells of itself for the card that stands below a message with a link to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from networks import apart
from networks.egress import Answer, Egress, read_public
from networks.errors import Gone, Invalid, Unavailable
from networks.markup import Opening, pieces
from networks.signs import INVISIBLE
from networks.webpage.reading import LONGEST_TITLE, decoded, title_of

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
PAGES = ("text/html", "application/xhtml+xml")
MOST_BYTES = 2_000_000
HEAD = 500_000  # characters in which a page tells it
LONGEST_DESCRIPTION = 500
LONGEST_ADDRESS = 2000
ABSENT = (404, 410)
TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
PICTURES = ("og:image:secure_url", "og:image:url", "og:image", "twitter:image", "twitter:image:src")


@dataclass(frozen=True, slots=True)
class PageCard:
    """`picture` is the address of its picture; empty where it names none."""

    title: str
    description: str = ""
    picture: str = ""


def read_card(egress: Egress, url: str) -> PageCard:
    """What the page at `url` tells. `Gone` where there is none, `Invalid` where we read none or it has no title,
    `EgressRefused` by a rule, `Unavailable` where it could not be reached now."""
    answer = read_public(egress, url, {"Accept": ACCEPT})
    _require_page(answer, MOST_BYTES)
    told = apart.read(_facts, replace(answer, secrets=()))
    return PageCard(str(told["title"]), str(told["description"]), str(told["picture"]))


def read_picture(egress: Egress, url: str, most_bytes: int) -> bytes:
    """The bytes at `url`, whatever they are; raises as `read_card` does."""
    answer = read_public(egress, url, {"Accept": "image/*"})
    _require_there(answer, most_bytes)
    return answer.body


def _require_page(answer: Answer, most_bytes: int) -> None:
    _require_there(answer, most_bytes)
    if answer.header("content-type").partition(";")[0].strip().lower() not in PAGES:
        raise Invalid("url", "no page")


def _require_there(answer: Answer, most_bytes: int) -> None:
    if answer.status in ABSENT:
        raise Gone(str(answer.status))
    if answer.status == 429 or answer.status >= 500:
        raise Unavailable(str(answer.status))
    if answer.status != 200:
        raise Invalid("url", str(answer.status))
    if len(answer.body) > most_bytes:
        raise Invalid("url", "too large", most_bytes)


# ---- In the child ---------------------------------------------------------------------------------------------------
def _facts(answer: Answer) -> apart.Told:
    html = decoded(answer)[:HEAD]
    told = _told(html)
    title = _line(_first(told, TITLES), LONGEST_TITLE) or _line(title_of(html), LONGEST_TITLE)
    if not title:
        raise Invalid("url", "no title")
    description = _line(_first(told, DESCRIPTIONS), LONGEST_DESCRIPTION)
    return {"title": title, "description": description, "picture": _address(answer.url, _first(told, PICTURES))}


def _told(html: str) -> dict[str, str]:
    """By name, what the page's `meta` elements say; of two with a name, the first."""
    told: dict[str, str] = {}
    for piece in pieces(html):
        if isinstance(piece, Opening) and piece.name == "meta":
            name = (piece.said.get("property") or piece.said.get("name") or "").strip().lower()
            told.setdefault(name, piece.said.get("content", ""))
    return told


def _first(told: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((told[name].strip() for name in names if told.get(name, "").strip()), "")


def _line(words: str, longest: int) -> str:
    """In one line and without signs that nobody sees: they would turn around or hide what stands beside them.

    Empty where nothing is left that one sees: joiners and fillers alone are no words.
    """
    seen = "".join(" " if sign.isspace() else sign for sign in words if sign.isspace() or _is_seen(sign))
    line = " ".join(seen.split()) if INVISIBLE.sub("", seen).strip() else ""
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _is_seen(sign: str) -> bool:
    return sign == "\u200d" or not unicodedata.category(sign).startswith("C")  # the first one joins emoji


def _address(page: str, told: str) -> str:
    if len(told) > LONGEST_ADDRESS:  # to join it, its host is normalised, which costs the square of its accents
        return ""
    try:
        found = urljoin(page, told).replace(" ", "%20") if told else ""
    except ValueError:
        return ""
    return found if found.startswith(("https://", "http://")) and len(found) <= LONGEST_ADDRESS else ""
