"""Which function answers which call."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.exchange import Answer, Request
from simulator.floods.playing import Player
from simulator.hooks import Event, Hook, Outgoing
from simulator.limits import Limits
from simulator.manners import Manners
from simulator.store.database import Database


@dataclass
class Simulator:
    """The running training network."""

    db: Database
    limits: Limits
    title: str = "Parvis training network"
    hooks_anywhere: bool = False  # apps on other machines may be called too
    player: Player = field(default_factory=Player)  # of floods


View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`scope`: what a token must allow; `signed_in`: whether the token must belong to a person.

    `families` name the rate limits that the call counts against, the narrowest last; pages, the control API and the
    pages of a sign-in have none, and ask for no token.
    """

    method: str
    pattern: re.Pattern[str]
    view: View
    scope: str | None = None
    signed_in: bool = False
    families: tuple[str, ...] = ()


class Routes:
    """A table of routes; each part of the server fills its own, and `server` joins them.

    `family` is counted for every one of them, before a route's own.
    """

    def __init__(self, family: str | None = None) -> None:
        self.family = family
        self.table: list[Route] = []

    def on(
        self, method: str, path: str, *, scope: str | None = None, signed_in: bool = False, family: str | None = None
    ) -> Callable[[View], View]:
        """Register a view. `{name}` in the path matches anything but a slash and is passed by that name."""
        pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "/?$")

        def register(view: View) -> View:
            families = tuple(dict.fromkeys(name for name in (self.family, family) if name))
            self.table.append(Route(method, pattern, view, scope, signed_in, families))
            return view

        return register


Tell = Callable[[Simulator, Event, Hook], Outgoing | None]
Sign = Callable[[Hook, bytes], dict[str, str]]


@dataclass(frozen=True)
class Dialect:
    """One network's API over the store. `prefixes` begin the paths that are its own, whether a route answers or not.

    `tell` makes the call that this network's webhooks would make about an event (None: nothing to tell), and `sign` the
    headers that prove it; a network without webhooks has neither."""

    network: str  # the key that posts carry
    name: str
    prefixes: tuple[str, ...]
    manners: Manners
    routes: list[Route]
    tell: Tell | None = None
    sign: Sign | None = None

    def owns(self, path: str) -> bool:
        return path.startswith(self.prefixes)


def find(table: list[Route], request: Request) -> tuple[Route, dict[str, str]] | None:
    """The route of `table` that answers `request`, with what its path holds."""
    for route in table:
        match = route.pattern.match(request.path)
        if match and route.method == request.method:
            return route, match.groupdict()
    return None
