"""Asking LinkedIn to call us about a page: one subscription for each app, person and page.

From the public documentation (Organization Social Action Notifications, "Event Subscription API") alone. The person is
the administrator who agreed; the address has to stand among the app's webhooks, where LinkedIn validated it.
"""

from __future__ import annotations

import re

from networks.answers import list_of
from networks.calls import run
from networks.catalogue import network
from networks.consent import App
from networks.egress import Egress, Terms
from networks.errors import Gone, PermissionMissing
from networks.linkedin.answers import judge
from networks.linkedin.rest import Rest
from networks.linkedin.urns import encoded
from networks.linkedin.webhooks import TYPE
from networks.tokens import no_write
from networks.types import AccountRef

ROLES = "/rest/organizationAcls"
ADMINISTRATOR = "ADMINISTRATOR"
PERSON = re.compile(r"urn:li:person:[A-Za-z0-9_-]{1,60}", re.ASCII)
MINE = "q=roleAssignee&state=APPROVED&role=ADMINISTRATOR&start=0&count=100"


class LinkedInSubscriptions:
    def __init__(self, base_url: str, app: App, egress: Egress) -> None:
        self._home = network("linkedin").host("api", base_url)
        self._app = app
        self._egress = egress

    def subscribe(self, account: AccountRef, address: str) -> str:
        """What stands already is replaced by the same; a subscription ends by itself unless it is asked for again."""
        rest, terms = self._rest(account)
        person = run(terms, lambda: _administrator(rest, account.remote_id))
        app = f"urn:li:developerApplication:{self._app.number}"
        parts = {"developerApplication": app, "user": person, "entity": account.remote_id}
        name = ",".join(f"{part}:{encoded(urn)}" for part, urn in parts.items())
        key = f"({name},eventType:{TYPE})"
        run(terms, lambda: rest.replace(_place(key), {"webhook": address}))
        return key

    def unsubscribe(self, account: AccountRef, name: str) -> None:
        rest, terms = self._rest(account)
        try:
            run(terms, lambda: rest.delete(_place(name)))
        except Gone:
            return

    def _rest(self, account: AccountRef) -> tuple[Rest, Terms]:
        terms = Terms(no_write, judge, secrets=tuple(filter(None, account.credentials.values())))
        return Rest(self._home, account.credentials, self._egress, terms), terms


def _place(key: str) -> str:
    return f"/rest/eventSubscriptions/{key}"


def _person(told: object) -> str:
    """Who has a role. They stand in the subscription's name: ValueError for what is no person."""
    if not isinstance(told, str) or not PERSON.fullmatch(told):
        raise ValueError("no person")
    return told


def _administrator(rest: Rest, page: str) -> str:
    """Who the credentials belong to, by their role at `page`."""
    for role in list_of(rest.get(ROLES, MINE, finder=True), "elements"):
        if role.get("organization") == page and role.get("role") == ADMINISTRATOR:
            return _person(role["roleAssignee"])
    raise PermissionMissing("whoever agreed is no administrator of this page")
