"""Declaring, working and ending a crisis; an exercise harms nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from crisis.actions import (
    add_note,
    create_playbook,
    declare_crisis,
    end_crisis,
    freeze,
    thaw,
    tick_step,
    untick_step,
    update_playbook,
)
from crisis.enums import CRISIS_LIFECYCLE, Freeze
from crisis.models import Crisis, Playbook
from crisis.queries import by_phase, waiting_for
from delivery.models import Hold
from delivery.queries import holds_over
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.crisis import CrisisFactory, PlaybookFactory


def declare(playbook: Playbook, by: Person, **facts: object) -> Crisis:
    told = {"title": "Portal down", "reason": "It answers nobody", "level": "federal", "severity": 2, **facts}
    return declare_crisis(playbook=playbook, unit=playbook.unit, by=by, **told)


def test_a_declaration_freezes_every_account_of_the_unit_at_once(unit: Unit, leader: Person) -> None:
    account = ConnectedAccountFactory.create(unit=unit)
    elsewhere = ConnectedAccountFactory.create()
    crisis = declare(PlaybookFactory.create(unit=unit), leader, freeze_scope=Freeze.UNIT)
    assert [hold.reason for hold in holds_over([account], message_unit=None)] == ["It answers nobody"]
    assert not holds_over([elsewhere], message_unit=None)
    assert crisis.hold is not None
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["crisis.declared", "hold.placed", "crisis.frozen"]


def test_an_exercise_freezes_nothing(unit: Unit, leader: Person) -> None:
    playbook = PlaybookFactory.create(unit=unit)
    with pytest.raises(Refused):
        declare(playbook, leader, is_exercise=True, freeze_scope=Freeze.ORGANISATION)
    crisis = declare(playbook, leader, is_exercise=True)
    with pytest.raises(Refused):
        freeze(crisis=crisis, scope=Freeze.UNIT, reason="As if", by=leader)
    assert not Hold.objects.in_force().exists()


def test_the_database_refuses_an_exercise_with_a_freeze(unit: Unit, leader: Person) -> None:
    hold = declare(PlaybookFactory.create(unit=unit), leader, freeze_scope=Freeze.UNIT).hold
    with pytest.raises(IntegrityError):
        CrisisFactory.create(is_exercise=True, hold=hold)


def test_the_steps_are_those_of_the_declaration(unit: Unit, leader: Person) -> None:
    playbook = PlaybookFactory.create(unit=unit)
    crisis = declare(playbook, leader)
    update_playbook(
        playbook=playbook, title="New", summary="New", steps={"during": ["Only this"]}, by=leader, edition=1
    )
    assert [group.phase for group in by_phase(crisis.steps.all())] == ["before", "during", "after"]
    assert crisis.steps.count() == 4
    assert playbook.items.get().text == "Only this"
    assert crisis.playbook_edition == 1


def test_a_playbook_that_changed_meanwhile_is_a_conflict(unit: Unit, leader: Person) -> None:
    playbook = create_playbook(unit=unit, title="A", summary="B", steps={"during": ["C"]}, by=leader)
    update_playbook(playbook=playbook, title="A", summary="B", steps={"during": ["D"]}, by=leader, edition=1)
    with pytest.raises(Conflict):
        update_playbook(playbook=playbook, title="A", summary="B", steps={"during": ["E"]}, by=leader, edition=1)


def test_a_playbook_has_a_step(unit: Unit, leader: Person) -> None:
    with pytest.raises(Refused):
        create_playbook(unit=unit, title="A", summary="B", steps={"during": []}, by=leader)
    assert not Playbook.objects.exists()


def test_a_step_says_who_did_it_and_when(unit: Unit, leader: Person) -> None:
    step = CrisisFactory.create(playbook__unit=unit).steps.first()
    done = tick_step(step=step, by=leader)
    assert (done.done_by, done.done_at is not None) == (leader, True)
    with pytest.raises(Conflict):
        tick_step(step=step, by=leader)
    undone = untick_step(step=step, by=leader)
    assert undone.done_at is None
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["crisis_step.ticked", "crisis_step.unticked"]


def test_only_who_leads_may(unit: Unit, leader: Person, onlooker: Person) -> None:
    crisis = CrisisFactory.create(playbook__unit=unit)
    with pytest.raises(PermissionDenied):
        declare(crisis.playbook, onlooker)
    with pytest.raises(PermissionDenied):
        tick_step(step=crisis.steps.first(), by=onlooker)
    with pytest.raises(PermissionDenied):
        add_note(crisis=crisis, text="Hello", by=onlooker)
    with pytest.raises(PermissionDenied):
        end_crisis(crisis=crisis, by=onlooker, reason="Enough")
    with pytest.raises(PermissionDenied):
        create_playbook(unit=unit, title="A", summary="B", steps={"during": ["C"]}, by=onlooker)


def test_the_freeze_is_lifted_on_purpose_before_the_end(unit: Unit, leader: Person) -> None:
    crisis = declare(PlaybookFactory.create(unit=unit), leader, freeze_scope=Freeze.UNIT)
    with pytest.raises(Refused):
        end_crisis(crisis=crisis, by=leader, reason="All is well")
    thaw(crisis=crisis, by=leader, reason="All is well")
    assert not Hold.objects.in_force().exists()
    with pytest.raises(Conflict):
        thaw(crisis=crisis, by=leader, reason="Again")
    ended = end_crisis(crisis=crisis, by=leader, reason="All is well")
    assert ended.ended_at is not None
    with pytest.raises(Conflict):
        add_note(crisis=crisis, text="Too late", by=leader)
    with pytest.raises(Conflict):
        end_crisis(crisis=crisis, by=leader, reason="Twice")


def test_it_can_be_frozen_again_after_a_thaw(unit: Unit, leader: Person) -> None:
    crisis = declare(PlaybookFactory.create(unit=unit), leader, freeze_scope=Freeze.UNIT)
    with pytest.raises(Conflict):
        freeze(crisis=crisis, scope=Freeze.UNIT, reason="Twice", by=leader)
    thaw(crisis=crisis, by=leader, reason="All is well")
    freeze(crisis=crisis, scope=Freeze.ORGANISATION, reason="Not well", by=leader)
    assert Hold.objects.in_force().get().scope == "organisation"


def test_the_only_way_out_is_the_end() -> None:
    assert [(edge.name, edge.sources, edge.target) for edge in CRISIS_LIFECYCLE.transitions] == [
        ("end", ("declared",), "ended")
    ]


def test_who_leads_is_told_of_the_steps_left(unit: Unit, leader: Person, onlooker: Person) -> None:
    crisis = CrisisFactory.create(playbook__unit=unit)
    tick_step(step=crisis.steps.first(), by=leader)
    assert [waiting.detail for waiting in waiting_for(leader)] == ["3 steps left"]
    assert waiting_for(onlooker) == []


@pytest.mark.longer
def test_a_playbook_has_an_end(unit: Unit, leader: Person) -> None:
    """A checklist that nobody can work is refused, and so is one that the database could not number."""
    with pytest.raises(Refused, match="at most"):
        create_playbook(unit=unit, title="T", summary="s", steps={"during": ["a"] * 40_000}, by=leader)
    assert not Playbook.objects.exists()
