"""Mastodon's way with its callers."""

from __future__ import annotations

from simulator.dialects.mastodon.ways import ways_of
from simulator.exchange import Refused
from simulator.limits import Reading, Rule
from simulator.manners import Manners
from simulator.store.database import Database


class MastodonManners(Manners):
    # What a fresh Mastodon 4.6 allows. Writing posts has a longer window than the rest.
    limits = {
        "api": Rule(300, 300),
        "posts": Rule(300, 10_800),
        "media": Rule(30, 1_800),
        "deletes": Rule(30, 1_800),
    }

    def at(self, db: Database) -> Manners:
        return TAKAHE if ways_of(db).software == "takahe" else self

    def rate_headers(self, reading: Reading) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(reading.limit),
            "X-RateLimit-Remaining": str(reading.remaining),
            "X-RateLimit-Reset": reading.reset.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }

    def allows(self, scopes: str, wanted: str) -> bool:
        """`write:statuses` is allowed by itself and by `write`; `follow` and the like only by themselves."""
        return bool({wanted, wanted.partition(":")[0]} & set(scopes.split()))


class TakaheManners(MastodonManners):
    def token_invalid(self, *, revoked: bool = False) -> Refused:
        return Refused(400, "Invalid Bearer token")


TAKAHE = TakaheManners()
