"""Whose server this is: many speak Mastodon's API, each in its own way. A test or a trainer chooses."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from simulator.store import things
from simulator.store.database import Database

KIND = "ways"
VERSIONS = {
    "mastodon": "4.6.4+training",  # the version whose recorded answers we follow
    "gotosocial": "0.20.0+training",
    "takahe": "takahe/0.11.0+training",
}


@dataclass(frozen=True, slots=True)
class Ways:
    """`visibility` is what a post has that says none. `public_url` is where people see what is written, where that is
    another host than the API's. `filters`: private mentions stay out of the ordinary list of notifications."""

    software: str = "mastodon"
    visibility: str = "public"
    public_url: str = ""
    filters: bool = False

    @property
    def version(self) -> str:
        return VERSIONS[self.software]

    @property
    def keeps_keys(self) -> bool:
        return self.software == "mastodon"

    @property
    def counts_raw(self) -> bool:
        return self.software != "mastodon"

    @property
    def takes_entities(self) -> bool:
        """What is written as an HTML entity is stored as the sign that it means."""
        return self.software != "mastodon"

    @property
    def drops_parents(self) -> bool:
        """An answer to what is gone becomes a post of its own."""
        return self.software == "takahe"

    def address(self, base: str, handle: str, identifier: int) -> str:
        """Where people see a post."""
        home = self.public_url or base
        path = {"gotosocial": "statuses/", "takahe": "posts/"}.get(self.software, "")
        end = "/" if self.software == "takahe" else ""
        return f"{home}/@{handle}/{path}{identifier}{end}"


def ways_of(db: Database) -> Ways:
    chosen = things.of(db, network="mastodon", kind=KIND)
    return Ways(**chosen[-1].data) if chosen else Ways()


def choose(db: Database, **changes: object) -> Ways:
    """From now on; ValueError where it is no way that we know."""
    made = replace(ways_of(db), **changes)  # type: ignore[arg-type]
    if made.software not in VERSIONS or made.visibility not in {"public", "unlisted", "private", "direct"}:
        raise ValueError("no such software, or no such visibility")
    things.add(db, network="mastodon", kind=KIND, data=asdict(made))
    return made
