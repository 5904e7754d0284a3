"""Every lifecycle, edge by edge: one table, one door, every edge told, no way around a gate."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from organisation import audit
from organisation.actions import transition as door
from organisation.enums import Permission as P
from organisation.lifecycle import LIFECYCLES, Conflict, Lifecycle, Refused, Transition
from organisation.models import AuditEvent
from tests.factories.organisation import PersonFactory, UnitFactory

EDGES = [
    pytest.param(lifecycle, edge, source, id=f"{lifecycle.noun}.{edge.name}:{source}")
    for lifecycle in LIFECYCLES
    for edge in lifecycle.transitions
    for source in edge.sources
]
by_noun = pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.noun)


def test_there_are_lifecycles() -> None:
    assert {"dossier", "account"} <= {lifecycle.noun for lifecycle in LIFECYCLES}
    assert len({lifecycle.noun for lifecycle in LIFECYCLES}) == len(LIFECYCLES)


@by_noun
def test_every_guard_exists(lifecycle: Lifecycle) -> None:
    assert lifecycle.missing_guards() == set()


@by_noun
def test_no_guard_is_left_over(lifecycle: Lifecycle) -> None:
    assert set(lifecycle.guards) == {edge.guard for edge in lifecycle.transitions if edge.guard}


@by_noun
def test_no_way_leads_around_a_gate(lifecycle: Lifecycle) -> None:
    for state, gate in lifecycle.gates.items():
        assert state in lifecycle.reachable()
        assert state not in lifecycle.reachable(without=gate), f"{state} is reached around {gate}"


@by_noun
def test_every_edge_is_told_as_a_sentence(lifecycle: Lifecycle) -> None:
    for edge in lifecycle.transitions:
        told = str(audit.sentence(f"{lifecycle.noun}.{edge.name}"))
        # A person's act names the person; what the network or the clock did may be told without.
        assert "%(actor)s" in told or edge.permission is None
        assert len(told % {"actor": "An"}) > 5


@by_noun
def test_the_picture_shows_every_edge(lifecycle: Lifecycle) -> None:
    picture = lifecycle.mermaid()
    arrows = len(re.findall(r"^    \w+ --> \w+: \w+$", picture, re.MULTILINE))
    assert arrows == sum(len(edge.sources) for edge in lifecycle.transitions)
    assert f"[*] --> {lifecycle.initial}" in picture


class Thing:
    """What stands in a lifecycle, without a table of its own: enough to walk an edge."""

    def __init__(self, state: str, unit: Any) -> None:
        self.pk, self.state, self.unit = 1, state, unit
        self.saved: list[str] = []
        named = {"label_lower": "tests.thing", "model_name": "thing", "label": "tests.Thing"}
        self._meta = type("Meta", (), {**named, "concrete_fields": ()})

    @property
    def _default_manager(self) -> Thing:
        return self

    def select_for_update(self, of: tuple[str, ...] = ()) -> Thing:
        return self

    def filter(self, pk: int) -> Thing:
        return self

    def first(self) -> Thing:
        """The row as it stands, which is not what somebody loaded before."""
        return copy.copy(self)

    def save(self, update_fields: list[str]) -> None:
        self.saved += update_fields


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch, db: None) -> Thing:
    made = Thing("", UnitFactory.create())
    # `perform` finds the row through the thing's class; here the thing is its own class and row.
    monkeypatch.setattr(door, "type", lambda one: one, raising=False)
    return made


def somebody(edge: Transition, monkeypatch: pytest.MonkeyPatch, allowed: bool) -> Any:
    """Who walks the edge: nobody where the system does, else a person who may, or may not."""
    monkeypatch.setattr("organisation.policy.allows", lambda *facts: allowed)
    return None if edge.permission is None else PersonFactory.create()


@pytest.mark.parametrize(("lifecycle", "edge", "source"), EDGES)
def test_an_edge_leads_where_it_says_and_is_told_once(
    lifecycle: Lifecycle, edge: Transition, source: str, thing: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing.state = source
    monkeypatch.setattr(lifecycle, "guards", {name: lambda *facts: [] for name in lifecycle.guards})
    monkeypatch.setattr(lifecycle, "resolvers", {name: lambda one: P.UNIT_MANAGE for name in lifecycle.resolvers})
    by = somebody(edge, monkeypatch, allowed=True)
    door.perform(lifecycle, edge.name, thing, by=by)
    assert thing.state == edge.target
    assert thing.saved == ["state"]
    event = AuditEvent.objects.get()
    assert event.verb == f"{lifecycle.noun}.{edge.name}"
    assert event.details == {"from": source, "to": edge.target}


@pytest.mark.parametrize(
    ("lifecycle", "edge"),
    [pytest.param(one, edge, id=f"{one.noun}.{edge.name}") for one in LIFECYCLES for edge in one.transitions],
)
def test_an_edge_refuses_strangers_other_states_and_guards(
    lifecycle: Lifecycle, edge: Transition, thing: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = {name: (lambda *facts: ["No."]) for name in lifecycle.guards}
    monkeypatch.setattr(lifecycle, "guards", guarded)
    monkeypatch.setattr(lifecycle, "resolvers", {name: lambda one: P.UNIT_MANAGE for name in lifecycle.resolvers})
    stranger = PersonFactory.create() if edge.permission is None else None
    by = somebody(edge, monkeypatch, allowed=False)
    for source in edge.sources:
        thing.state = source
        monkeypatch.setattr("organisation.policy.allows", lambda *facts: False)
        with pytest.raises(PermissionError):
            door.perform(lifecycle, edge.name, thing, by=stranger)
        if by is not None:
            with pytest.raises(Exception, match="does not allow"):
                door.perform(lifecycle, edge.name, thing, by=by)
        monkeypatch.setattr("organisation.policy.allows", lambda *facts: True)
        if edge.guard:
            with pytest.raises(Refused, match=r"No\."):
                door.perform(lifecycle, edge.name, thing, by=by)
        assert thing.state == source
    for other in set(lifecycle.states.values) - set(edge.sources):
        thing.state = other
        with pytest.raises(Conflict):
            door.perform(lifecycle, edge.name, thing, by=by)
        assert thing.state == other
    assert not AuditEvent.objects.exists()
    assert thing.saved == []


class Light(models.TextChoices):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


def edge(name: str, source: str, target: str) -> Transition:
    return Transition(name, name, (source,), target, P.UNIT_MANAGE, "%(actor)s did")


@pytest.mark.parametrize(
    ("transitions", "finals", "gates", "complaint"),
    [
        ((edge("go", "red", "green"),), {"green"}, {}, "unreachable"),
        ((edge("go", "red", "green"), edge("go", "green", "broken")), {"broken"}, {}, "stands twice"),
        ((edge("go", "red", "green"), edge("die", "green", "broken")), set(), {}, "not the declared finals"),
        (
            (edge("go", "red", "green"), edge("die", "green", "broken"), edge("cut", "red", "broken")),
            {"broken"},
            {"broken": "green"},
            "leads around",
        ),
        ((edge("go", "red", "blue"),), set(), {}, "no state blue"),
    ],
)
def test_a_wrong_table_does_not_start(
    transitions: tuple[Transition, ...], finals: set[str], gates: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint):
        Lifecycle(
            noun="light", states=Light, initial="red", transitions=transitions, finals=frozenset(finals), gates=gates
        )


def test_a_good_table_tells_its_edges_and_offers_those_that_may_be_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_SENTENCES", {})
    edges = (
        edge("go", "red", "green"),
        Transition("fix", "fix", ("red",), "green", P.PERSON_MANAGE, "%(actor)s fixed it", "in_stock"),
        Transition("break", "break", ("green",), "broken", None, "It broke"),
    )
    light = Lifecycle("light", Light, "red", edges, finals=frozenset({"broken"}), gates={"broken": "green"})
    assert {verb: audit.sentence(verb) for verb in audit.verbs()} == {
        "light.break": "It broke",
        "light.fix": "%(actor)s fixed it",
        "light.go": "%(actor)s did",
    }
    may, against = {P.UNIT_MANAGE, P.PERSON_MANAGE, None}, ["Sold out."]
    monkeypatch.setattr("organisation.policy.allows", lambda person, permission, thing: permission in may)
    light.guard("in_stock")(lambda *facts: against)
    person, red, green = PersonFactory.build(), Thing("red", None), Thing("green", None)
    assert [one.name for one in door.offered(light, red, person)] == ["go"]
    against.clear()
    assert [one.name for one in door.offered(light, red, person)] == ["go", "fix"]
    may.discard(P.UNIT_MANAGE)
    assert [one.name for one in door.offered(light, red, person)] == ["fix"]
    assert door.offered(light, green, person) == []  # the system's own
