"""What a unit asks of whoever publishes for it: inherited nearest-first, explained, and never silently in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organisation.actions import require_cleared, set_gate
from organisation.lifecycle import Outdated, Refused
from organisation.models import AuditEvent, Delegation, Person, PublishingGate, Unit
from organisation.queries import waiting_for
from organisation.queries.gates import asked_in, asked_of, lacks, stopped_by, token_of
from tests.factories.machines import machine_of
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.training import TrainingFactory, attested, certified, gate, in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.fixture
def below(root: Unit) -> Unit:
    return UnitFactory.create(parent=root)


@pytest.fixture
def ada(root: Unit) -> Person:
    return person_with("administrator", root, name="Ada")


@pytest.fixture
def cell(root: Unit) -> Person:
    return person_with("communication_cell", root, name="Cell")


def change(
    unit: Unit, by: Person, policy: str = "", training: str = "", module: Any = None, **facts: Any
) -> PublishingGate:
    seen = token_of(stopped_by(unit, policy, training, module), policy, training, module)
    told = {"policy_level": policy, "training_level": training, "module": module, "reason": "So decided", "seen": seen}
    return set_gate(unit=unit, by=by, **{**told, **facts})


def codes(person: Person, unit: Unit) -> list[tuple[str, bool]]:
    return [(lack.code, lack.is_required) for lack in lacks(person, unit)]


# ---- Inherited -------------------------------------------------------------------------------------------------------
PATHS = st.lists(st.integers(0, 1), max_size=4).map(lambda steps: "root" + "".join(f"{step:04}" for step in steps))
LEVELS = st.sampled_from(["", "off", "warn", "require"])


@given(PATHS, st.dictionaries(PATHS, st.tuples(LEVELS, LEVELS)))
def test_each_gate_is_that_of_the_nearest_unit_that_says_something(path: str, said: dict[str, tuple[str, str]]) -> None:
    """Against the sentence itself: walk up from the unit, for each gate on its own."""
    gates = {place: PublishingGate(policy=policy, training=training) for place, (policy, training) in said.items()}
    for one in gates.values():
        one.unit = Unit()
    walk = [path[:end] for end in range(len(path), 3, -4)]
    policy = next((said[one][0] for one in walk if one in said and said[one][0]), "off")
    training = next((said[one][1] for one in walk if one in said and said[one][1]), "off")
    asks = asked_in(path, gates)
    assert (asks.policy, asks.training) == (policy, training)


def test_nothing_is_asked_where_nobody_said_so_and_it_costs_one_question(
    root: Unit, cell: Person, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert lacks(cell, root) == []


def test_a_unit_below_asks_what_the_one_above_does_unless_it_says_otherwise(
    root: Unit, below: Unit, cell: Person
) -> None:
    in_force(root, days_ago=31)
    gate(root, policy="require")
    assert codes(cell, below) == [("policy_not_attested", True)]
    gate(below, policy="warn")
    assert codes(cell, below) == [("policy_not_attested", False)]
    assert asked_of(below).policy_from == below


# ---- Lacked ----------------------------------------------------------------------------------------------------------
def test_the_policy_is_lacked_once_the_grace_is_over(root: Unit, cell: Person) -> None:
    gate(root, policy="require")
    assert codes(cell, root) == []
    version = in_force(root, days_ago=29)
    assert codes(cell, root) == []
    type(version).objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(days=30, seconds=1))
    (lack,) = lacks(cell, root)
    assert (lack.code, lack.url) == ("policy_not_attested", version.get_absolute_url())
    assert root.name in str(lack.sentence)
    attested(version, cell)
    assert codes(cell, root) == []


def test_another_text_than_was_attested_is_lacked(root: Unit, cell: Person) -> None:
    version = in_force(root, days_ago=31)
    gate(root, policy="require")
    attested(version, cell)
    type(version).objects.filter(pk=version.pk).update(content_hash="0" * 64)
    assert codes(cell, root) == [("policy_not_attested", True)]


def test_the_policy_is_that_of_the_unit_in_whose_name_one_publishes(root: Unit, below: Unit, cell: Person) -> None:
    attested(in_force(root, days_ago=31), cell)
    gate(root, policy="require")
    own = in_force(below, days_ago=31)
    (lack,) = lacks(cell, below)
    assert lack.url == own.get_absolute_url()
    assert lacks(cell, root) == []


def test_a_certificate_that_expired_is_lacked(root: Unit, cell: Person) -> None:
    module = TrainingFactory.create(unit=root)
    gate(root, training="warn", module=module)
    certified(module, cell, expired=True)
    (lack,) = lacks(cell, root)
    assert (lack.code, lack.is_required, lack.url) == ("training_not_valid", False, module.get_absolute_url())
    certified(module, cell)
    assert lacks(cell, root) == []


def test_a_program_counts_as_who_answers_for_it(root: Unit, cell: Person) -> None:
    module, machine = TrainingFactory.create(unit=root), machine_of(cell)
    gate(root, training="require", module=module)
    with pytest.raises(Refused, match="Cell has no valid certificate"):
        require_cleared(person=machine, unit=root)
    certified(module, cell)
    require_cleared(person=machine, unit=root)


def test_what_is_only_warned_of_is_let_through(root: Unit, cell: Person) -> None:
    gate(root, training="warn", module=TrainingFactory.create(unit=root))
    require_cleared(person=cell, unit=root)
    root.gate.training = "require"
    root.gate.save()
    with pytest.raises(Refused, match="You have no valid certificate"):
        require_cleared(person=cell, unit=root)


def test_today_tells_what_stops_somebody_first(root: Unit, below: Unit, cell: Person) -> None:
    module = TrainingFactory.create(unit=root)
    gate(below, training="require", module=module)
    certified(module, cell, expired=True)
    (line,) = waiting_for(cell)
    assert (line.url, line.weight) == (module.get_absolute_url(), 3)
    assert "stops you" in str(line.detail)
    gate(root, training="warn", module=module)
    below.gate.delete()
    (line,) = waiting_for(cell)
    assert line.weight == 1


# ---- Set -------------------------------------------------------------------------------------------------------------
def test_a_change_is_audited_with_its_reason_and_whom_it_stops(root: Unit, ada: Person, cell: Person) -> None:
    in_force(root, days_ago=31)
    change(root, ada, "require")
    event = AuditEvent.objects.get(verb="unit.gate_set")
    assert (event.actor_name, event.details["reason"], event.details["stops"]) == ("Ada", "So decided", 1)
    assert event.details["changes"]["policy"] == ["", "require"]


def test_whom_it_would_stop_is_seen_before(root: Unit, below: Unit, ada: Person, cell: Person) -> None:
    in_force(root, days_ago=31)
    local, cleared = person_with("conversation_manager", below), person_with("spokesperson", below)
    person_with("newcomer", root)
    attested(in_force(below, days_ago=31), cleared)
    assert stopped_by(root, "require", "", None) == [cell, local]
    assert stopped_by(root, "warn", "", None) == []
    gate(below, policy="off")
    assert stopped_by(root, "require", "", None) == [cell]
    with pytest.raises(Outdated):
        change(root, ada, "require", seen="0" * 32)


def test_programs_are_counted_as_who_answers_for_them(root: Unit) -> None:
    in_force(root, days_ago=31)
    keeper = person_with("administrator", root)
    GrantFactory.create(person=machine_of(keeper), role="communication_cell", unit=root)
    assert stopped_by(root, "require", "", None) == [keeper]


def test_who_stands_in_for_somebody_is_stopped_too(root: Unit, cell: Person) -> None:
    in_force(root, days_ago=31)
    stand_in = PersonFactory.create(unit=root, name="Ann")
    now = timezone.now()
    Delegation.objects.create(
        grant=cell.grants.get(), delegate=stand_in, begins=now, ends=now + timedelta(days=2), reason="Away", text="All"
    )
    assert stopped_by(root, "require", "", None) == [stand_in, cell]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"policy": "perhaps"}, "policy_level"),
        ({"training": "perhaps"}, "training_level"),
        ({"training": "require"}, "module"),
        ({"policy": "require", "reason": " "}, "reason"),
        ({}, None),
    ],
)
def test_nonsense_is_refused(root: Unit, ada: Person, told: dict[str, Any], field: str | None) -> None:
    with pytest.raises(Refused) as refused:
        change(root, ada, **told)
    assert refused.value.field == field


def test_only_a_training_that_is_given_there_is_asked_for(root: Unit, below: Unit, ada: Person) -> None:
    ended = TrainingFactory.create(unit=root, ended_at=timezone.now())
    for module in (ended, TrainingFactory.create(unit=below), TrainingFactory.create()):
        with pytest.raises(Refused):
            change(root, ada, training="warn", module=module)
    with pytest.raises(Refused):
        change(root, ada, training="off", module=TrainingFactory.create(unit=root))
    with pytest.raises(IntegrityError), transaction.atomic():
        gate(root, training="require")


def test_who_keeps_the_unit_decides_and_nobody_loosens_it_from_below(
    root: Unit, below: Unit, ada: Person, cell: Person
) -> None:
    local = person_with("administrator", below)
    with pytest.raises(PermissionDenied):
        change(root, cell, "warn")
    with pytest.raises(PermissionDenied):
        change(root, local, "warn")
    module = TrainingFactory.create(unit=root)
    change(root, ada, "warn", "require", module)
    for policy, training, other in (
        ("off", "", None),
        ("", "warn", module),
        ("", "off", None),
        ("", "require", TrainingFactory.create(unit=below)),
    ):
        with pytest.raises(PermissionDenied):
            change(below, local, policy, training, other)
    change(below, local, "require")
    change(below, ada, "off")
