"""What follows a decision of the committee: an appeal against it, and the conditions that it put."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from accounts_registry.actions import (
    appeal_dossier,
    cast_vote,
    comment_on_dossier,
    confirm_condition,
    consult_services,
    decide,
    export_dossier,
    give_advice,
    give_opinion,
    reopen_comment,
    report_condition,
    request_about,
    resolve_comment,
    send_condition_back,
    withdraw_comment,
)
from accounts_registry.enums import DossierState, FileKind
from accounts_registry.models import Condition, DossierComment
from organisation.clock import database_today
from organisation.models import Unit
from tests.architecture.trail.world import AN, World, leaves
from tests.factories.accounts_registry import (
    AccountFactory,
    CommentFactory,
    ConditionFactory,
    ConsultationFactory,
    DossierFactory,
)
from tests.factories.organisation import UnitFactory, person_with

CHAIR = "Chair"
TEXT = "A second factor"
PUT = {"condition": TEXT, "from": "open", "to": "reported", "evidence": "It is set up"}


def put(world: World, state: str = "open") -> Condition:
    facts = {} if state == "open" else {"evidence": "It is set up", "reported_by": world.an}
    condition = ConditionFactory.create(dossier__unit=world.unit, dossier__owner=world.an, text=TEXT, **facts)
    ConditionFactory.create(dossier=condition.decision.dossier, text="Another one")
    Condition.objects.filter(pk=condition.pk).update(state=state)
    condition.refresh_from_db()
    return condition


@leaves(("dossier.appeal", AN, {"from": "refused", "to": "submitted", "reason": "There is a need"}))
def dossier_appealed(world: World) -> Callable[[], object]:
    dossier = DossierFactory.create(unit=world.unit, requested_by=world.an, state=DossierState.REFUSED, round=1)
    return lambda: appeal_dossier(dossier=dossier, by=world.an, reason="There is a need")


@leaves(("dossier.exported", AN, {"kind": "pdf", "language": "fr"}))
def dossier_exported(world: World) -> Callable[[], object]:
    dossier = DossierFactory.create(unit=world.unit)
    return lambda: export_dossier(dossier=dossier, by=world.an, kind=FileKind.PDF, language="fr")


@leaves(("condition.report", AN, PUT))
def condition_reported(world: World) -> Callable[[], object]:
    condition = put(world)
    return lambda: report_condition(condition=condition, by=world.an, evidence="It is set up")


@leaves(("condition.confirm", CHAIR, {"condition": TEXT, "from": "reported", "to": "met"}))
def condition_confirmed(world: World) -> Callable[[], object]:
    condition, chair = put(world, "reported"), person_with("committee_chair", world.unit, name=CHAIR)
    return lambda: confirm_condition(condition=condition, by=chair)


@leaves(("condition.send_back", CHAIR, {"condition": TEXT, "from": "reported", "to": "open", "reason": "Not yet"}))
def condition_sent_back(world: World) -> Callable[[], object]:
    condition, chair = put(world, "reported"), person_with("committee_chair", world.unit, name=CHAIR)
    return lambda: send_condition_back(condition=condition, by=chair, reason="Not yet")


GIVEN = {"opinion": "with_points", "reason": "Sound", "points": ["A vault"]}


@leaves(("dossier.advised", "Adviser", GIVEN))
def dossier_advised(world: World) -> Callable[[], object]:
    dossier = DossierFactory.create(unit=world.unit, state=DossierState.IN_REVIEW, round=1)
    adviser = person_with("ict_security", world.unit, name="Adviser")
    facts = {"opinion": "with_points", "reasons": "Sound", "points": ["A vault"]}
    return lambda: give_advice(dossier=dossier, by=adviser, **facts)


@leaves(("dossier.consulted", CHAIR, {"due": ..., "services": ...}))
def services_consulted(world: World) -> Callable[[], object]:
    Unit.objects.filter(pk=world.unit.pk).update(governance_model="hub_and_spoke")
    asks, heard = UnitFactory.create(parent=world.unit), UnitFactory.create(parent=world.unit)
    dossier = DossierFactory.create(unit=asks, state=DossierState.IN_REVIEW, round=1)
    chair, day = person_with("committee_chair", world.unit, name=CHAIR), database_today() + timedelta(days=5)
    return lambda: consult_services(dossier=dossier, by=chair, units=[heard], last_day=day)


@leaves(("dossier.heard", AN, {"service": ..., "view": "objects", "reason": "We are there"}))
def service_heard(world: World) -> Callable[[], object]:
    asked = ConsultationFactory.create(unit=world.unit, dossier__unit=UnitFactory.create(parent=world.unit))
    return lambda: give_opinion(consultation=asked, by=world.an, view="objects", reasons="We are there")


@leaves(("dossier.commented", AN, {"comment": ..., "question": "objective"}))
def dossier_commented(world: World) -> Callable[[], object]:
    dossier = DossierFactory.create(unit=world.unit)
    return lambda: comment_on_dossier(dossier=dossier, by=world.an, text="For whom?", question="objective")


def said(world: World) -> DossierComment:
    return CommentFactory.create(dossier__unit=world.unit, author=world.an)


@leaves(("comment.resolve", AN, {"from": "open", "to": "resolved"}))
def comment_settled(world: World) -> Callable[[], object]:
    comment = said(world)
    return lambda: resolve_comment(comment=comment, by=world.an)


@leaves(
    ("comment.resolve", AN, {"from": "open", "to": "resolved"}),
    ("comment.reopen", AN, {"from": "resolved", "to": "open"}),
)
def comment_reopened(world: World) -> Callable[[], object]:
    comment = said(world)
    return lambda: reopen_comment(comment=resolve_comment(comment=comment, by=world.an), by=world.an)


@leaves(("comment.withdraw", AN, {"from": "open", "to": "withdrawn"}))
def comment_withdrawn(world: World) -> Callable[[], object]:
    comment = said(world)
    return lambda: withdraw_comment(comment=comment, by=world.an)


@leaves(("dossier.begun", AN, {"account": ..., "request": "close"}))
def request_begun(world: World) -> Callable[[], object]:
    return lambda: request_about(account=world.account, request_type="close", by=world.an)


@leaves(
    ("dossier.approve", CHAIR, {"from": "in_review", "to": "approved", "reason": "Good"}),
    ("account.rename_approved", CHAIR, {"dossier": ..., "reason": "Good", "expected": "other"}),
)
def rename_decided(world: World) -> Callable[[], object]:
    top = UnitFactory.create()
    chair = person_with("committee_chair", top, name=CHAIR)
    account = AccountFactory.create(unit=UnitFactory.create(parent=top))
    facts = {"about": account, "request_type": "rename", "proposed_handle": "other", "requested_by": account.owner}
    dossier = DossierFactory.create(unit=account.unit, state=DossierState.IN_REVIEW, round=1, **facts)
    cast_vote(dossier=dossier, by=chair, choice="for", reason="Good")
    return lambda: decide(dossier=dossier, by=chair, reasons="Good")
