"""Asking Meta to call us about a page, and about the Instagram account that belongs to it: both hang at the page.

From the public documentation (Graph API reference, `/{page-id}/subscribed_apps` and `/{app-id}/subscriptions`) alone.
Which address is called, and of what an Instagram account is told, stands in the app's own settings at Meta, once for
all its pages.
"""

from __future__ import annotations

import re

from networks.calls import run
from networks.consent import App
from networks.egress import Egress, Terms
from networks.errors import AuthExpired, Gone, PermissionMissing, Rejected
from networks.graph.answers import judge_graph
from networks.graph.client import VERSION, Graph
from networks.graph.reading import Json, listed, read_id
from networks.kinds import Network
from networks.tokens import no_write
from networks.types import AccountRef

FIELDS = "feed,mention"
PAGE = re.compile(r"[0-9]{1,40}", re.ASCII)


class GraphSubscriptions:
    """What both networks do. A subclass says which network, and by which word the app's settings name its accounts."""

    network: Network
    object: str

    def __init__(self, base_url: str, app: App, egress: Egress) -> None:
        self._api = self.network.host("api", base_url)
        self._app = app
        self._egress = egress

    def subscribe(self, account: AccountRef, address: str) -> str:
        """The page's id: it has one subscription for this app, whatever of it is connected here."""
        self._require_set_up(address)
        terms = self._terms(account)
        graph = self._graph(account, terms)
        page = run(terms, lambda: _page(graph.request(f"{VERSION}/me", {"fields": "id"})))
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

    def _require_set_up(self, address: str) -> None:
        """By the app's settings, which it reads with its id and its secret."""
        token = f"{self._app.client_id}|{self._app.client_secret}"
        terms = Terms(no_write, judge_graph, secrets=(token, self._app.client_secret))
        graph = Graph(self._egress.session(terms), self._api, token=token)
        try:
            place = f"{VERSION}/{self._app.client_id}/subscriptions"
            leads = run(terms, lambda: any(self._leads_to(one, address) for one in listed(graph.request(place))))
        except (AuthExpired, PermissionMissing) as error:
            refusal = Rejected(f"the app's own credentials: {error.detail}")
        else:
            if leads:
                return
            refusal = Rejected(f"the app's webhooks for {self.object} do not lead to {address}")
        raise refusal

    def _leads_to(self, one: Json, address: str) -> bool:
        return one.get("object") == self.object and one.get("callback_url") == address and one.get("active") is True

    def _graph(self, account: AccountRef, terms: Terms) -> Graph:
        held = account.credentials
        token, proof = held.get("access_token", ""), held.get("proof", "")
        return Graph(self._egress.session(terms), self._api, token=token, proof=proof)

    def _terms(self, account: AccountRef) -> Terms:
        return Terms(no_write, judge_graph, secrets=tuple(filter(None, account.credentials.values())))


def _edge(page: str) -> str:
    return f"{VERSION}/{page}/subscribed_apps"


def _page(told: Json) -> str:
    """A page's id. It goes into addresses: ValueError for what is none."""
    page = read_id(told)
    if not PAGE.fullmatch(page):
        raise ValueError("no page")
    return page


def _done(told: Json) -> None:
    """ValueError where the network does not say that it did it."""
    if told["success"] is not True:
        raise ValueError("not done")
