"""A service with accounts and a colleague who is signed in; rows in bulk, without their histories."""

from __future__ import annotations

from django.test import Client

from accounts_registry.models import Account
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.sessions import session_of


class Service:
    def __init__(self, *, accounts: int) -> None:
        # Below the root, as services are: there it counts how each of them is governed.
        self.unit: Unit = UnitFactory.create(parent=UnitFactory.create())
        self.person: Person = person_with("communication_cell", self.unit)
        self.accounts: list[Account] = self.open_accounts(accounts, self.unit)

    def open_accounts(self, count: int, unit: Unit) -> list[Account]:
        return [ConnectedAccountFactory.create(unit=unit, languages=["fr"]) for _ in range(count)]

    def browser(self, *roles: str) -> Client:
        """Signed in, with the second factor; as the colleague, or as somebody else who holds `roles`."""
        person = person_with(roles[0], self.unit) if roles else self.person
        for role in roles[1:]:
            GrantFactory.create(person=person, role=role, unit=self.unit)
        client = Client()
        client.cookies["sessionid"] = session_of(person)
        return client
