"""A service with somebody in every role, one thing of every kind, and people who have no business with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts_registry.enums import DossierState
from delivery.actions import place_hold
from delivery.enums import HoldScope
from organisation.models import Person
from tests.architecture.access import EVERYONE
from tests.factories.accounts_registry import ConnectedAccountFactory, DossierFactory
from tests.factories.delivery import DeliveryFactory, thaw
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with


class World:
    """`insiders` hold their role at the root, above the things; `outsiders` the same in a unit beside them."""

    def __init__(self) -> None:
        thaw()
        self.root = UnitFactory.create()
        self.here = UnitFactory.create(parent=self.root)
        self.elsewhere = UnitFactory.create(parent=self.root)
        office = UnitFactory.create(parent=self.root)
        self.insiders = {role: person_with(role, self.root, works_in=office) for role in sorted(EVERYONE)}
        self.outsiders = {role: person_with(role, self.elsewhere) for role in sorted(EVERYONE)}
        self.suspended = PersonFactory.create(unit=office, is_active=False)
        for role in EVERYONE:
            GrantFactory.create(person=self.suspended, role=role, unit=self.root)
        self._made: dict[str, dict[str, Any]] = {}

    def address_of(self, thing: str) -> dict[str, Any]:
        """What fills the address of `thing`, made on first use."""
        if thing and thing not in self._made:
            self._made[thing] = THINGS[thing](self)
        return self._made.get(thing, {})

    def colleague(self) -> Person:
        return PersonFactory.create(unit=self.here)


def _pk(make: Callable[[World], Any]) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": make(world).pk}


def _dossier(world: World, **facts: Any) -> Any:
    return DossierFactory.create(unit=world.here, **facts)


THINGS: dict[str, Callable[[World], dict[str, Any]]] = {
    "person": _pk(World.colleague),
    "grant": _pk(lambda world: GrantFactory.create(person=world.colleague(), role="newcomer", unit=world.here)),
    "account": _pk(lambda world: ConnectedAccountFactory.create(unit=world.here)),
    "dossier": _pk(_dossier),
    "dossier_step": lambda world: {"pk": _dossier(world).pk, "step": "reasons"},
    "dossier_in_review": _pk(lambda world: _dossier(world, state=DossierState.IN_REVIEW, round=1)),
    "delivery": _pk(lambda world: DeliveryFactory.create(account__unit=world.here)),
    "hold": _pk(
        lambda world: place_hold(
            scope=HoldScope.UNIT, unit=world.here, reason="Exercise", by=world.insiders["crisis_cell"]
        )
    ),
}
