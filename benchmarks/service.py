"""A service with accounts and a colleague who is signed in; rows in bulk, without their histories."""

from __future__ import annotations

from django.test import Client

from accounts_registry.models import Account
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.sessions import session_of


class Service:
    def __init__(self, *, accounts: int) -> None:
        self.unit: Unit = UnitFactory.create()
        self.person: Person = person_with("communication_cell", self.unit)
        self.accounts: list[Account] = [
            ConnectedAccountFactory.create(unit=self.unit, languages=["fr"]) for _ in range(accounts)
        ]

    def browser(self) -> Client:
        """Signed in, with the second factor."""
        client = Client()
        client.cookies["sessionid"] = session_of(self.person)
        return client
