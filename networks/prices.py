"""What a network charges for, before anything is sent or read."""

from __future__ import annotations

import re
from decimal import Decimal

from networks.catalogue import NETWORKS
from networks.composition import compose
from networks.types import Draft, Page
from networks.x.addresses import addresses

ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def price_of(draft: Draft, network: str) -> Decimal | None:
    """What sending `draft` once costs, in US dollars; None where the network takes no money for it.

    An address is what X takes for one, with or without `https://`, and whatever looks like one: rather too dear.
    """
    prices = NETWORKS[network].capabilities.prices if network in NETWORKS else None
    if prices is None:
        return None
    composed = compose(draft, network)
    has_link = composed.card or ADDRESS.search(composed.text) or any(addresses(composed.text))
    return prices.sending(linked=bool(has_link), summoned=draft.summoned)


def price_of_reading(
    network: str, *, mentions: int = 0, others: int = 0, users: int = 0, owns_app: bool = False
) -> Decimal:
    """What so many messages read cost, in US dollars: `mentions` of our own account, `others`, and the `users` shown
    with them; `owns_app` where our account owns the app with which Parvis reads."""
    prices = NETWORKS[network].capabilities.prices if network in NETWORKS else None
    if prices is None:
        return Decimal(0)
    return prices.reading(mentions=mentions, others=others, users=users, owns_app=owns_app)


def users_on(page: Page) -> int:
    """How many people a page showed beside its messages, rather too many: at least each author once, and one for each
    message that could not be read. Whether a network charges for them as for people asked for, none says."""
    return max(page.users, len({item.author.id for item in page.items}) + page.returned - len(page.items))
