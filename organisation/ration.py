"""How often something may be had in an hour, whoever asks for it. Counted in the cache that all processes share."""

from __future__ import annotations

import time
from dataclasses import dataclass

from organisation.cache import shared

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Ration:
    """At most `an_hour` of what `name` says for each one who draws on it; the count starts anew with each full hour.

    A cache that is emptied gives the hour again: what must never be exceeded belongs into the database.
    """

    name: str
    an_hour: int

    def take(self, of: object) -> bool:
        """Takes one of the ration of `of`; False, and nothing is taken on, where none is left."""
        key = f"ration:{self.name}:{of}:{int(time.time()) // HOUR}"
        return shared().count(key, HOUR) <= self.an_hour
