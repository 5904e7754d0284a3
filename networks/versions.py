"""Which version of a network's API Parvis speaks: one setting each, with when it began and when it ends."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

NOTICE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Version:
    """`variable` is the environment's word for another `name`. `ends` is None where the network has not said."""

    api: str  # a proper name
    networks: tuple[str, ...]  # catalogue keys
    variable: str
    name: str
    released: date | None
    ends: date | None

    def ends_soon(self, today: date) -> bool:
        return self.ends is not None and today >= self.ends - NOTICE


# Meta serves a version for two years after the next one has come: v27.0 began to appear on 4 November 2026.
GRAPH_KNOWN = {
    "v26.0": (date(2026, 7, 29), date(2028, 11, 4)),
    "v27.0": (date(2026, 11, 4), None),
}


def graph(environment: Mapping[str, str] = os.environ) -> Version:
    name = _chosen(environment, "PARVIS_GRAPH_VERSION", "v26.0", r"v\d{1,3}\.\d{1,2}")
    released, ends = GRAPH_KNOWN.get(name, (None, None))
    return Version("Meta Graph", ("facebook", "instagram"), "PARVIS_GRAPH_VERSION", name, released, ends)


def linkedin(environment: Mapping[str, str] = os.environ) -> Version:
    """A version is named by its month, and served for about a year from then on."""
    name = _chosen(environment, "PARVIS_LINKEDIN_VERSION", "202610", r"20\d\d(?:0[1-9]|1[0-2])")
    released = date(int(name[:4]), int(name[4:]), 1)
    ends = released.replace(year=released.year + 1)
    return Version("LinkedIn", ("linkedin",), "PARVIS_LINKEDIN_VERSION", name, released, ends)


def ending(today: date, environment: Mapping[str, str] = os.environ) -> Iterator[Version]:
    """Those that end within `NOTICE`, or have ended. One that cannot be read is not among them."""
    for told in (graph, linkedin):
        with suppress(ValueError):
            if (version := told(environment)).ends_soon(today):
                yield version


def unreadable(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """What is wrong with a name that is none: nothing is sent or read on its networks."""
    for told in (graph, linkedin):
        try:
            told(environment)
        except ValueError as error:
            yield str(error)


def _chosen(environment: Mapping[str, str], variable: str, usual: str, shape: str) -> str:
    name = environment.get(variable, "").strip() or usual
    if not re.fullmatch(shape, name):
        raise ValueError(f"{variable} is {name}: it has to look like {usual}.")
    return name
