"""An organisation with a committee, a unit that asks for accounts, and a network that answers as told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from networks import catalogue
from networks.types import AccountRef, Identity, Page
from organisation.models import Person, Unit
from tests.factories.organisation import UnitFactory, person_with


@dataclass
class House:
    """A root with a centre, a unit that asks, and its people."""

    root: Unit
    unit: Unit
    author: Person
    chair: Person
    members: list[Person]
    manager: Person


@pytest.fixture
def house(db: None) -> House:
    root = UnitFactory.create(slug="fin")
    centre = UnitFactory.create(slug="centre", parent=root)
    unit = UnitFactory.create(slug="tax", parent=root)
    return House(
        root=root,
        unit=unit,
        author=person_with("communication_cell", unit, name="Author"),
        chair=person_with("committee_chair", root, works_in=centre, name="Chair"),
        members=[person_with("committee_member", root, works_in=centre, name=f"Member {n}") for n in range(3)],
        manager=person_with("account_manager", root, works_in=centre, name="Manager"),
    )


@dataclass
class FakeNetwork:
    """Stands for a network's connector; `identify` and `inbox` may be told to fail."""

    identity: Identity = field(
        default_factory=lambda: Identity("remote-1", "fin", "Finances", "https://net.example/@fin")
    )
    identify_fails: Exception | None = None
    inbox_fails: Exception | None = None
    seen: list[AccountRef] = field(default_factory=list)

    def identify(self) -> Identity:
        if self.identify_fails:
            raise self.identify_fails
        return self.identity

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        if self.inbox_fails:
            raise self.inbox_fails
        return Page(())


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    fake = FakeNetwork()

    def connector(ref: AccountRef, egress: object) -> FakeNetwork:
        fake.seen.append(ref)
        return fake

    monkeypatch.setattr(catalogue, "connector", connector)
    return fake


@pytest.fixture
def events() -> Callable[[], list[str]]:
    """The verbs recorded so far, oldest first."""
    from organisation.models import AuditEvent

    return lambda: list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
