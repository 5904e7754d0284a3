"""What a network charges for, before anything is sent or read."""

from __future__ import annotations

import re
from decimal import Decimal

from networks.catalogue import NETWORKS
from networks.composition import compose
from networks.types import Draft
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
    return prices.post_with_link if has_link else prices.post


def price_of_reading(network: str, *, mentions: int = 0, others: int = 0) -> Decimal:
    """What so many messages read cost, in US dollars: `mentions` of our own account, and `others`."""
    prices = NETWORKS[network].capabilities.prices if network in NETWORKS else None
    return prices.mention * mentions + prices.read * others if prices else Decimal(0)
