"""Which function answers which call."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.exchange import Answer, Request
from simulator.limits import Limits
from simulator.store.database import Database


@dataclass
class Square:
    """The running training network."""

    db: Database
    limits: Limits = field(default_factory=Limits)
    title: str = "Parvis training network"


View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`scope`: what a token must allow; `signed_in`: whether the token must belong to a person.

    `family` names the rate limit that the call counts against, besides "api"; pages and the control API have none.
    """

    method: str
    pattern: re.Pattern[str]
    view: View
    scope: str | None = None
    signed_in: bool = False
    family: str | None = None


class Routes:
    """A table of routes; each part of the server fills its own, and `server` joins them."""

    def __init__(self, family: str | None = None) -> None:
        self.family = family
        self.table: list[Route] = []

    def on(
        self, method: str, path: str, *, scope: str | None = None, signed_in: bool = False, family: str | None = None
    ) -> Callable[[View], View]:
        """Register a view. `{name}` in the path matches anything but a slash and is passed by that name."""
        pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "/?$")

        def register(view: View) -> View:
            self.table.append(Route(method, pattern, view, scope, signed_in, family or self.family))
            return view

        return register

    def find(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        for route in self.table:
            match = route.pattern.match(request.path)
            if match and route.method == request.method:
                return route, match.groupdict()
        return None
