"""Asking Meta to call us about a page, and about the Instagram account that belongs to it: both hang at the page.

From the public documentation (Graph API reference, `/{page-id}/subscribed_apps`). Which address is called, and of what
an Instagram account is told, stands in the app's own settings at Meta, once for all its pages.
"""

from __future__ import annotations

from networks.calls import run
from networks.consent import App
from networks.egress import Egress, Terms
from networks.errors import Gone
from networks.graph.answers import judge_graph
from networks.graph.client import VERSION, Graph
from networks.graph.reading import Json, read_id
from networks.kinds import Network
from networks.tokens import no_write
from networks.types import AccountRef

FIELDS = "feed,mention"


class GraphSubscriptions:
    """What both networks do. A subclass says which network."""

    network: Network

    def __init__(self, base_url: str, _app: App, egress: Egress) -> None:
        self._api = self.network.host("api", base_url)
        self._egress = egress

    def subscribe(self, account: AccountRef, address: str) -> str:
        """The page's id: it has one subscription for this app, whatever of it is connected here."""
        terms = self._terms(account)
        graph = self._graph(account, terms)
        page = run(terms, lambda: read_id(graph.request(f"{VERSION}/me", {"fields": "id"})))
        asked = {"subscribed_fields": FIELDS}
        run(terms, lambda: _done(graph.request(_edge(page), post_args=asked)))
        return page

    def unsubscribe(self, account: AccountRef, name: str) -> None:
        terms = self._terms(account)
        graph = self._graph(account, terms)
        try:
            run(terms, lambda: _done(graph.request(_edge(name), method="DELETE")))
        except Gone:
            return

    def _graph(self, account: AccountRef, terms: Terms) -> Graph:
        held = account.credentials
        token, proof = held.get("access_token", ""), held.get("proof", "")
        return Graph(self._egress.session(terms), self._api, token=token, proof=proof)

    def _terms(self, account: AccountRef) -> Terms:
        return Terms(no_write, judge_graph, secrets=tuple(filter(None, account.credentials.values())))


def _edge(page: str) -> str:
    return f"{VERSION}/{page}/subscribed_apps"


def _done(told: Json) -> None:
    """ValueError where the network does not say that it did it."""
    if told["success"] is not True:
        raise ValueError("not done")
