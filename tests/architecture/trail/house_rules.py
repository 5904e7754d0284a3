"""House policies, trainings, and what publishing asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from organisation.actions import (
    answer_policy,
    attest_policy,
    call_off_session,
    change_training,
    consult_policy,
    end_training,
    join_session,
    leave_session,
    make_training,
    plan_session,
    publish_policy,
    record_attendance,
    set_gate,
    start_policy,
    take_training,
    withdraw_policy,
    write_policy,
)
from organisation.actions.leaving_training import take_over_session
from organisation.house_policy import AnswerKind, PolicyState
from organisation.models import PolicyVersion, TrainingSeat, TrainingSession
from organisation.queries.gates import stopped_by, token_of
from organisation.training import TrainingKind
from tests.architecture.trail.world import AN, BRAM, NOBODY, World, leaves
from tests.factories.organisation import GrantFactory
from tests.factories.training import (
    ALL_POINTS,
    QUESTIONS,
    TEXTS,
    PolicyFactory,
    SessionFactory,
    TrainingFactory,
    in_force,
)

READ = {"hash": ...}
TRAINING = {
    "pillar": "users",
    "names": TEXTS,
    "texts": TEXTS,
    "questions": {"fr": QUESTIONS, "nl": QUESTIONS},
}


def _may(world: World) -> World:
    """An writes policies and sets up trainings besides."""
    for role in ("committee_chair", "community_manager"):
        GrantFactory.create(person=world.an, role=role, unit=world.unit)
    world.an.forget_grants()
    return world


def _asked(world: World, **facts: Any) -> PolicyVersion:
    return PolicyFactory.create(
        unit=_may(world).unit, state=PolicyState.IN_CONSULTATION, started_by=world.an, checklist=ALL_POINTS, **facts
    )


def _answers(world: World, kind: str, text: str = "") -> Callable[[], object]:
    version = _asked(world)
    told = {"version": version, "unit": world.unit, "kind": kind, "text": text, "seen": version.content_hash}
    return lambda: answer_policy(by=world.bram, **told)


@leaves(("house_policy.started", AN, {"number": 1}))
def a_version_is_begun(world: World) -> Callable[[], object]:
    _may(world)
    return lambda: start_policy(unit=world.unit, by=world.an)


@leaves(("house_policy.written", AN, {"hash": ..., "ticked": [], "grace_days": 14}))
def a_version_is_written(world: World) -> Callable[[], object]:
    version = PolicyFactory.create(unit=_may(world).unit)
    told = {"texts": {"fr": "Un"}, "checklist": {}, "grace_days": 14, "edition": 1}
    return lambda: write_policy(version=version, by=world.an, **told)


@leaves(("house_policy.consult", AN, {"from": "draft", "to": "in_consultation", **READ}))
def units_are_asked(world: World) -> Callable[[], object]:
    version = PolicyFactory.create(unit=_may(world).unit)
    return lambda: consult_policy(version=version, by=world.an)


@leaves(("house_policy.agreed", BRAM, {"unit": ..., **READ}))
def a_unit_says_yes(world: World) -> Callable[[], object]:
    return _answers(world, AnswerKind.YES)


@leaves(("house_policy.change_asked", BRAM, {"unit": ..., **READ}))
def a_unit_asks_for_a_change(world: World) -> Callable[[], object]:
    return _answers(world, AnswerKind.CHANGE, "Shorter")


@leaves(("house_policy.commented", BRAM, {"unit": ..., **READ}))
def somebody_comments(world: World) -> Callable[[], object]:
    return _answers(world, AnswerKind.COMMENT, "Well said")


@leaves(
    ("house_policy.supersede", NOBODY, {"from": "published", "to": "superseded", "number": 2}),
    ("house_policy.publish", AN, {"from": "in_consultation", "to": "published", **READ}),
)
def it_is_put_in_force(world: World) -> Callable[[], object]:
    in_force(world.unit)
    version = _asked(world)
    told = {"unit": world.unit, "kind": AnswerKind.YES, "seen": version.content_hash}
    answer_policy(version=version, by=world.bram, **told)
    return lambda: publish_policy(version=version, seen=version.content_hash, by=world.an)


@leaves(("house_policy.withdraw", AN, {"from": "in_consultation", "to": "withdrawn", "reason": "Too early"}))
def it_is_withdrawn(world: World) -> Callable[[], object]:
    version = _asked(world)
    return lambda: withdraw_policy(version=version, reason="Too early", by=world.an)


@leaves(("house_policy.attested", BRAM, {"number": 1, **READ}))
def somebody_attests(world: World) -> Callable[[], object]:
    version = in_force(world.unit)
    return lambda: attest_policy(version=version, seen=version.content_hash, by=world.bram)


# ---- Training --------------------------------------------------------------------------------------------------------
@leaves(("training.made", AN, {"kind": "on_demand", "pillar": "users"}))
def a_training_is_made(world: World) -> Callable[[], object]:
    _may(world)
    return lambda: make_training(unit=world.unit, kind=TrainingKind.ON_DEMAND, by=world.an, **TRAINING)


@leaves(("training.changed", AN, {"fields": ["valid_months"]}))
def a_training_is_changed(world: World) -> Callable[[], object]:
    module = TrainingFactory.create(unit=_may(world).unit)
    return lambda: change_training(module=module, edition=1, by=world.an, valid_months=6)


@leaves(("training.ended", AN, {"reason": "Out of date"}))
def a_training_is_ended(world: World) -> Callable[[], object]:
    module = TrainingFactory.create(unit=_may(world).unit)
    return lambda: end_training(module=module, reason="Out of date", by=world.an)


@leaves(("training.passed", BRAM, {"certificate": ...}))
def a_training_is_passed(world: World) -> Callable[[], object]:
    module = TrainingFactory.create(unit=world.unit)
    return lambda: take_training(module=module, given={0: 0, 1: 1}, edition=1, by=world.bram)


@leaves(("training_session.planned", AN, {"starts_at": ..., "places": 3, "trainer": ...}))
def a_session_is_planned(world: World) -> Callable[[], object]:
    module = TrainingFactory.create(unit=_may(world).unit, kind=TrainingKind.SESSION)
    told = {"starts_at": timezone.now() + timedelta(days=1), "place": "Here", "places": 3, "trainer": world.bram}
    return lambda: plan_session(module=module, by=world.an, **told)


@leaves(("training_session.joined", BRAM, {}))
def a_place_is_taken(world: World) -> Callable[[], object]:
    session = SessionFactory.create(module__unit=world.unit)
    return lambda: join_session(session=session, by=world.bram)


@leaves(("training_session.left", BRAM, {}))
def a_place_is_given_back(world: World) -> Callable[[], object]:
    session = _taken(world)
    return lambda: leave_session(session=session, by=world.bram)


@leaves(("training_session.called_off", AN, {"reason": "Ill"}))
def a_session_is_called_off(world: World) -> Callable[[], object]:
    session = SessionFactory.create(module__unit=_may(world).unit)
    return lambda: call_off_session(session=session, reason="Ill", by=world.an)


@leaves(
    ("training.certified", AN, {"person": ..., "certificate": ...}),
    ("training_session.recorded", AN, {"came": 1, "seats": 1}),
)
def who_came_is_recorded(world: World) -> Callable[[], object]:
    session = _taken(_may(world))
    TrainingSession.objects.filter(pk=session.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    came = [seat.pk for seat in session.seats.all()]
    return lambda: record_attendance(session=session, came=came, by=world.an)


@leaves(
    (
        "training_session.taken_over",
        AN,
        {"reason": "Leaves", "changes": {"trainer": [..., ...]}},
    )
)
def somebody_else_trains(world: World) -> Callable[[], object]:
    session = SessionFactory.create(module__unit=world.unit)
    told = {"session": session.pk, "leaver": session.trainer, "to": world.bram, "reason": "Leaves"}
    return lambda: take_over_session(by=world.an, **told)


def _taken(world: World) -> TrainingSession:
    session = SessionFactory.create(module__unit=world.unit)
    TrainingSeat.objects.create(session=session, person=world.bram)
    return session


@leaves(("unit.gate_set", AN, {"reason": "Decided", "stops": 0, "changes": {"policy": ["", "warn"]}}))
def what_publishing_asks_is_changed(world: World) -> Callable[[], object]:
    seen = token_of(stopped_by(world.unit, "warn", "", None), "warn", "", None)
    told = {"policy_level": "warn", "training_level": "", "module": None, "reason": "Decided", "seen": seen}
    return lambda: set_gate(unit=world.unit, by=world.an, **told)
