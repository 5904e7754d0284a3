from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from accounts_registry.actions import (
    accept_dossier,
    cast_vote,
    decide,
    list_third_party_app,
    see_third_party_app,
    strike_third_party_app,
)
from accounts_registry.enums import DossierState
from accounts_registry.models import ThirdPartyApp
from crisis.actions import add_note, create_playbook, end_crisis, freeze, thaw, update_playbook
from organisation.actions import refuse_recovery, set_office_hours
from tests.architecture.trail.world import AN, BRAM, World, leaves
from tests.factories.accounts_registry import AdviceFactory, DossierFactory, ThirdPartyAppFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.organisation import PersonFactory, RecoveryFactory, UnitFactory, person_with

STEPS = {"before": ["Look"], "during": ["Stop", "Say so"]}


PLANNER = {"app": "Planner", "purpose": "Plans", "last_seen_on": "2026-05-03"}
SEEN_ON = date(2026, 5, 3)


@leaves(("account.app_listed", AN, PLANNER))
def app_listed(world: World) -> Callable[[], object]:
    facts = {"name": " Planner ", "purpose": "Plans", "last_seen_on": SEEN_ON}
    return lambda: list_third_party_app(account=world.account, by=world.an, **facts)


def planner(world: World) -> ThirdPartyApp:
    facts = {"name": "Planner", "purpose": "Plans", "last_seen_on": SEEN_ON}
    return ThirdPartyAppFactory.create(account__unit=world.unit, **facts)


@leaves(("account.app_seen", AN, {"app": "Planner", "was": "2026-05-03"}))
def app_seen(world: World) -> Callable[[], object]:
    app = planner(world)
    return lambda: see_third_party_app(app=app, by=world.an)


@leaves(("account.app_struck", AN, {**PLANNER, "reason": "Its right was taken back"}))
def app_struck(world: World) -> Callable[[], object]:
    app = planner(world)
    return lambda: strike_third_party_app(app=app, by=world.an, reason="Its right was taken back")


@leaves(("dossier.refuse", "Chair", {"from": "in_review", "to": "refused", "reason": "There is one already"}))
def dossier_refused(world: World) -> Callable[[], object]:
    top = UnitFactory.create()
    chair = person_with("committee_chair", top, name="Chair")
    dossier = DossierFactory.create(unit=UnitFactory.create(parent=top), state=DossierState.SUBMITTED, round=1)
    accept_dossier(dossier=dossier, by=chair)
    AdviceFactory.create(dossier=dossier)
    cast_vote(dossier=dossier, by=chair, choice="against", reason="No")
    return lambda: decide(dossier=dossier, by=chair, reasons="There is one already")


@leaves(("playbook.created", AN, {"title": "Portal down", "steps": STEPS}))
def playbook_written(world: World) -> Callable[[], object]:
    facts: dict[str, Any] = {"title": "Portal down", "summary": "For nights", "steps": STEPS}
    return lambda: create_playbook(unit=world.unit, by=world.an, **facts)


@leaves(
    (
        "playbook.updated",
        BRAM,
        {
            "edition": 2,
            "title": "Portal down",
            "summary": "For days",
            "steps": {"during": ["Stop"]},
            "changes": {"summary": ["For nights", "For days"], "steps": [STEPS, {"during": ["Stop"]}]},
        },
    )
)
def playbook_changed(world: World) -> Callable[[], object]:
    facts: dict[str, Any] = {"title": "Portal down", "summary": "For nights", "steps": STEPS}
    written = create_playbook(unit=world.unit, by=world.an, **facts)
    facts |= {"summary": "For days", "steps": {"during": ["Stop"]}}
    return lambda: update_playbook(playbook=written, by=world.bram, **facts)


@leaves(
    ("hold.lifted", AN, {"scope": "unit", "reason": "All is well"}),
    ("crisis.thawed", AN, {"hold": ..., "reason": "All is well"}),
)
def crisis_thawed(world: World) -> Callable[[], object]:
    crisis = CrisisFactory.create(unit=world.unit)
    freeze(crisis=crisis, scope="unit", reason="Now", by=world.an)
    return lambda: thaw(crisis=crisis, by=world.an, reason="All is well")


@leaves(("crisis.end", AN, {"from": "declared", "to": "ended", "reason": "All is well"}))
def crisis_over(world: World) -> Callable[[], object]:
    crisis = CrisisFactory.create(unit=world.unit, declared_by=world.an)
    return lambda: end_crisis(crisis=crisis, by=world.an, reason="All is well")


@leaves(("crisis_log.noted", AN, {"crisis": ...}))
def noted(world: World) -> Callable[[], object]:
    crisis = CrisisFactory.create(unit=world.unit)
    return lambda: add_note(crisis=crisis, text="Mrs Peeters called", by=world.an)


@leaves(("recovery.refused", AN, {"kind": "link"}))
def way_back_refused(world: World) -> Callable[[], object]:
    somebody = PersonFactory.create(unit=world.unit)
    recovery = RecoveryFactory.create(person=somebody, proposed_by=world.bram)
    return lambda: refuse_recovery(recovery=recovery, by=world.an)


@leaves(("unit.hours_changed", AN, {"changes": {"office_hours": [[], [["09:00", "12:00"], [], [], [], [], [], []]]}}))
def hours_changed(world: World) -> Callable[[], object]:
    return lambda: set_office_hours(unit=world.unit, hours=[["09:00", "12:00"], *[[]] * 6], by=world.an)
