"""What follows from a server's software: many speak Mastodon's API, and not all keep every promise of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Software:
    """`keeps_keys`: a repeated Idempotency-Key makes no second status. `discounts`: any address counts the same, and a
    mention's server nothing; elsewhere every sign counts."""

    keeps_keys: bool = False
    discounts: bool = False


# By the name in NodeInfo. Forks that kept the name kept the promises too.
KNOWN = {
    "mastodon": Software(keeps_keys=True, discounts=True),
    "hometown": Software(keeps_keys=True, discounts=True),
    "gotosocial": Software(),
    "takahe": Software(),
}
UNHEARD_OF = Software()


def software(name: str) -> Software:
    """What may be relied upon; nothing where the software is another, or was never asked for."""
    return KNOWN.get(name, UNHEARD_OF)
