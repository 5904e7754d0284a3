"""How a text and its link become what is sent: one answer for the connector, the length check and the preview."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from networks.catalogue import NETWORKS
from networks.types import Draft, LinkCard, Media
from networks.web_addresses import stands_in


@dataclass(frozen=True, slots=True)
class Card:
    """A link that stands below the text, in a place of its own. `url` is the whole address, `title` its headline;
    `description` and `picture` stand there where the network shows what we tell of the page."""

    url: str
    title: str
    description: str = ""
    picture: Media | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url


@dataclass(frozen=True, slots=True)
class Composed:
    """`text` is what the network counts and shows, to the letter."""

    text: str
    card: Card | None = None


def compose(draft: Draft, network: str) -> Composed:
    """`draft` as it goes out on `network` (a catalogue key).

    Where a link becomes a card it stays out of the text, unless there are media: a message has room for one of the two.
    Elsewhere it follows a text that lacks it, as on a network that the catalogue has lost.
    """
    has_cards = network in NETWORKS and NETWORKS[network].capabilities.link_card
    if has_cards and draft.link and not draft.media:
        return Composed(draft.text, _card(draft))
    if not draft.link or stands_in(draft.link, draft.text):
        return Composed(draft.text)
    return Composed(f"{draft.text}\n\n{draft.link}" if draft.text else draft.link)


def _card(draft: Draft) -> Card:
    told = draft.card or LinkCard("")
    title = draft.title or told.title or urlsplit(draft.link).hostname or draft.link
    return Card(draft.link, title, told.description, told.picture)
