"""A lifecycle is one table of transitions. `organisation.actions.transition.perform` walks it; nothing else may."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise

from organisation import audit
from organisation.enums import Permission
from organisation.sentences import Sentence

Text = str | Promise
Reason = Text | Sentence
Guard = Callable[[Any, Any], Iterable[Reason]]
Resolver = Callable[[Any], Permission]


class Refused(Exception):
    """An act that may not happen now; `reasons` are sentences for the person who asked, `field` where they belong.

    `said` are the same before anybody's language, for whoever keeps them (`organisation.sentences`).
    """

    def __init__(self, *reasons: Reason, field: str | None = None) -> None:
        super().__init__(*reasons)
        self.said = reasons
        self.reasons = [str(reason) for reason in reasons]
        self.field = field


@dataclass(frozen=True)
class Told:
    """One thing that a question is about: its `key` for the record, a sentence for who is asked, and `url` where they
    may look at it."""

    key: str
    sentence: str
    url: str = ""


class Unconfirmed(Refused):
    """An act that may happen once whoever asked says that they mean it: they send back `token`, which stands for
    exactly what they were told, at the field `meant`."""

    def __init__(self, question: Text, *, code: str, told: Iterable[Told]) -> None:
        super().__init__(question, field="meant")
        self.code = code
        self.told = list(told)

    @property
    def question(self) -> str:
        return self.reasons[0]

    @property
    def keys(self) -> list[str]:
        return sorted(one.key for one in self.told)

    @property
    def token(self) -> str:
        return sha256("\n".join(self.keys).encode()).hexdigest()[:32]


class Outdated(Refused):
    """Refused because the thing says something else by now than what whoever asked had read."""


class Conflict(Exception):
    """Somebody changed the thing meanwhile: `thing` is as it stands now, `wanted` what was asked for."""

    def __init__(self, thing: models.Model, wanted: str) -> None:
        super().__init__(f"{thing._meta.label}:{thing.pk} cannot {wanted} any more")
        self.thing = thing
        self.wanted = wanted


@dataclass(frozen=True)
class Asked:
    """Stands for the permission of an edge where it differs from thing to thing: `Lifecycle.asks` says which it is."""

    name: str

    def __str__(self) -> str:
        return f"asked: {self.name}"


@dataclass(frozen=True)
class Transition:
    """One edge. Without a permission only the system walks it. `told` is the story's sentence, with %(actor)s."""

    name: str
    label: Text
    sources: tuple[str, ...]
    target: str
    permission: Permission | Asked | None
    told: Text
    guard: str = ""


@dataclass
class Lifecycle:
    """The table of one noun, checked when it is made.

    `gates` maps a state to the state that every way to it must have passed: no edge leads around an approval.
    `finals` are the states that nothing leaves.
    """

    noun: str
    states: type[models.TextChoices]
    initial: str
    transitions: tuple[Transition, ...]
    finals: frozenset[str] = frozenset()
    gates: Mapping[str, str] = field(default_factory=dict)
    guards: dict[str, Guard] = field(default_factory=dict)
    resolvers: dict[str, Resolver] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check()
        for transition in self.transitions:
            audit.tell(f"{self.noun}.{transition.name}", transition.told)

    def __getitem__(self, name: str) -> Transition:
        return next(transition for transition in self.transitions if transition.name == name)

    def guard(self, name: str) -> Callable[[Guard], Guard]:
        """Registers the function behind a guard's name; it yields the reasons against, none when the way is free."""

        def register(function: Guard) -> Guard:
            self.guards[name] = function
            return function

        return register

    def asks(self, name: str) -> Callable[[Resolver], Resolver]:
        """Registers the function that says of a thing which permission `Asked(name)` is for it."""

        def register(function: Resolver) -> Resolver:
            self.resolvers[name] = function
            return function

        return register

    def permission_for(self, name: str, thing: Any) -> Permission | None:
        """What a person needs to walk the edge `name` with `thing`; None where the system alone walks it."""
        asked = self[name].permission
        return self.resolvers[asked.name](thing) if isinstance(asked, Asked) else asked

    def leaving(self, state: str) -> list[Transition]:
        """The edges that start at `state`."""
        return [transition for transition in self.transitions if state in transition.sources]

    def missing_guards(self) -> set[str]:
        return {transition.guard for transition in self.transitions if transition.guard} - set(self.guards)

    def missing_resolvers(self) -> set[str]:
        asked = {edge.permission.name for edge in self.transitions if isinstance(edge.permission, Asked)}
        return asked - set(self.resolvers)

    def reachable(self, *, without: str = "") -> set[str]:
        """States that can be reached from the initial one, never entering `without`."""
        seen: set[str] = set()
        todo = [self.initial]
        while todo:
            state = todo.pop()
            if state in seen or state == without:
                continue
            seen.add(state)
            todo += [transition.target for transition in self.leaving(state)]
        return seen

    def _check(self) -> None:
        known = set(self.states.values)
        names = [transition.name for transition in self.transitions]
        wrong: list[str] = []
        if len(names) != len(set(names)):
            wrong.append("a transition's name stands twice")
        for transition in self.transitions:
            wrong += [f"{transition.name}: no state {s}" for s in {*transition.sources, transition.target} - known]
        if lost := known - self.reachable():
            wrong.append(f"unreachable: {sorted(lost)}")
        ends = {state for state in known if not self.leaving(state)}
        if ends != set(self.finals):
            wrong.append(f"ends {sorted(ends)} are not the declared finals {sorted(self.finals)}")
        for state, gate in self.gates.items():
            if state in self.reachable(without=gate):
                wrong.append(f"a way to {state} leads around {gate}")
        if wrong:
            raise ImproperlyConfigured(f"Lifecycle of {self.noun}: " + "; ".join(wrong))

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for transition in self.transitions:
            lines += [f"    {source} --> {transition.target}: {transition.name}" for source in transition.sources]
        lines += [f"    {state} --> [*]" for state in sorted(self.finals)]
        return "\n".join(lines)


LIFECYCLES: list[Lifecycle] = []


def lifecycle(**facts: Any) -> Lifecycle:
    """Makes a lifecycle and enters it in the list that the checks, the docs and the edge-by-edge tests walk."""
    made = Lifecycle(**facts)
    LIFECYCLES.append(made)
    return made
