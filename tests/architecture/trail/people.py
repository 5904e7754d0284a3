"""Somebody leaves, and others take over: what is told of each thing, and of the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts_registry.enums import DossierState
from conversations.enums import ConversationState
from organisation.actions import (
    advance_grant,
    call_off_review,
    change_governance,
    confirm_grant,
    confirm_line,
    delegate_right,
    end_reviews,
    end_work,
    move_unit,
    prolong_grant,
    revoke_delegation,
    start_review,
    strike_line,
    take_identity,
)
from organisation.clock import database_today
from organisation.models import AccessReview, Grant, Person, ProviderIdentity, ReviewLine
from organisation.queries.governing import effects_of, token_of
from organisation.queries.moving import effects_of_move
from tests.architecture.trail.world import AN, BRAM, NOBODY, Told, World, leaves
from tests.factories.accounts_registry import AccountFactory, DossierFactory
from tests.factories.monitoring import SourceFactory, WatchFactory
from tests.factories.organisation import (
    DelegationFactory,
    GrantFactory,
    PersonFactory,
    ReviewFactory,
    ReviewLineFactory,
    UnitFactory,
    person_with,
)
from tests.factories.publishing import draft


def _ended(role: str) -> tuple[Told, Told]:
    return (
        ("grant.revoked", AN, {"role": role, "person": ..., "reason": "Leaves"}),
        ("person.left", AN, {"reason": "Leaves", "roles": [role], "left": []}),
    )


def _moved(**fields: Any) -> dict[str, Any]:
    return {"reason": "Leaves", "changes": {name: [..., ...] for name in fields}}


def _leaves(world: World, who: Person, **things: Any) -> Callable[[], object]:
    successors = {f"{kind}_{thing.pk}": world.bram.pk for kind, thing in things.items()}
    return lambda: end_work(person=who, by=world.an, reason="Leaves", successors=successors)


def _somebody(world: World, role: str = "newcomer") -> Person:
    return person_with(role, world.unit)


@leaves(
    ("account.holder_replaced", AN, _moved(owner=1)),
    ("account.holder_replaced", AN, _moved(backup_holder=1)),
    *_ended("newcomer"),
)
def holder_left(world: World) -> Callable[[], object]:
    who = _somebody(world)
    owned = AccountFactory.create(unit=world.unit, owner=who)
    backed = AccountFactory.create(unit=world.unit, backup_holder=who)
    return _leaves(world, who, account_owner=owned, account_backup=backed)


@leaves(("dossier.taken_over", AN, _moved(requested_by=1)), *_ended("newcomer"))
def applicant_left(world: World) -> Callable[[], object]:
    who = _somebody(world)
    dossier = DossierFactory.create(unit=world.unit, requested_by=who, state=DossierState.SUBMITTED, round=1)
    return _leaves(world, who, dossier=dossier)


@leaves(("post.taken_over", AN, _moved(author=1)), *_ended("newcomer"))
def author_left(world: World) -> Callable[[], object]:
    who = _somebody(world)
    return _leaves(world, who, post=draft(who, world.account))


@leaves(("conversation.taken_over", AN, {"reason": "Leaves", "to": ...}), *_ended("conversation_manager"))
def who_answers_left(world: World) -> Callable[[], object]:
    who = _somebody(world, "conversation_manager")
    taken = world.conversation(assigned_to=who, state=ConversationState.ASSIGNED)
    return _leaves(world, who, conversation=taken)


@leaves(("watch.taken_over", AN, _moved(owner=1)), *_ended("conversation_manager"))
def owner_of_a_watch_left(world: World) -> Callable[[], object]:
    who = _somebody(world, "conversation_manager")
    return _leaves(world, who, watch=WatchFactory.create(account=world.account, owner=who))


@leaves(("source.taken_over", AN, _moved(owner=1)), *_ended("conversation_manager"))
def owner_of_a_source_left(world: World) -> Callable[[], object]:
    who = _somebody(world, "conversation_manager")
    return _leaves(world, who, source=SourceFactory.create(unit=world.unit, owner=who))


@leaves(("person.identity_taken", AN, {"issuer": "https://sso.example", "reason": "Left"}))
def identity_taken(world: World) -> Callable[[], object]:
    facts = {"issuer": "https://sso.example", "subject": "f3b1c2"}
    identity = ProviderIdentity.objects.create(person=_somebody(world), **facts)
    return lambda: take_identity(identity=identity, by=world.an, reason="Left")


@leaves(("unit.moved", AN, {"reason": "Merged", "people": ..., "changes": {"unit": [..., ...]}}))
def unit_moved(world: World) -> Callable[[], object]:
    unit, parent = UnitFactory.create(parent=world.unit), UnitFactory.create(parent=world.unit)
    seen = token_of(effects_of_move(unit, parent))
    return lambda: move_unit(unit=unit, parent=parent, reason="Merged", seen=seen, by=world.an)


LENT: dict[str, Any] = {"role": "newcomer", "to": ...}


@leaves(("delegation.given", AN, {**LENT, "reason": "Leave", "begins": ..., "ends": ...}))
def role_lent(world: World) -> Callable[[], object]:
    grant = GrantFactory.create(person=world.an, role="newcomer", unit=world.unit)
    facts = {"begins": None, "ends": timezone.now() + timedelta(days=3), "reason": "Leave", "text": "All of it"}
    return lambda: delegate_right(grant=grant, delegate=world.bram, by=world.an, **facts)


@leaves(("delegation.revoked", AN, {**LENT, "reason": "Back"}))
def lent_role_ended(world: World) -> Callable[[], object]:
    lent = DelegationFactory.create(grant__person=world.an, grant__role="newcomer", grant__unit=world.unit)
    return lambda: revoke_delegation(delegation=lent, by=world.an, reason="Back")


REVIEWED: dict[str, Any] = {"role": "newcomer", "person": ..., "review": ...}


def _line(world: World) -> ReviewLine:
    return ReviewLineFactory.create(review__unit=world.unit, grant__person=PersonFactory.create(unit=world.unit))


@leaves(("access_review.started", AN, {"reason": "Once a year", "due": ..., "lines": ...}))
def review_started(world: World) -> Callable[[], object]:
    day = database_today() + timedelta(days=7)
    return lambda: start_review(unit=world.unit, last_day=day, reason="Once a year", by=world.an)


@leaves(("review_line.confirm", AN, {"from": "open", "to": "confirmed", **REVIEWED}))
def role_confirmed(world: World) -> Callable[[], object]:
    line = _line(world)
    return lambda: confirm_line(line=line, by=world.an)


@leaves(
    ("review_line.strike", AN, {"from": "open", "to": "struck", **REVIEWED, "reason": "Left"}),
    ("grant.revoked", AN, {"role": "newcomer", "person": ...}),
)
def role_struck(world: World) -> Callable[[], object]:
    line = _line(world)
    return lambda: strike_line(line=line, by=world.an, reason="Left")


@leaves(("access_review.call_off", AN, {"from": "running", "to": "called_off", "reason": "Too early"}))
def review_called_off(world: World) -> Callable[[], object]:
    review = ReviewFactory.create(unit=world.unit)
    return lambda: call_off_review(review=review, by=world.an, reason="Too early")


def _over(line: ReviewLine) -> Callable[[], object]:
    past = timezone.now() - timedelta(hours=1)
    AccessReview.objects.filter(pk=line.review_id).update(started_at=past - timedelta(hours=1), due_at=past)
    return lambda: end_reviews(seconds=5)


ENDED = ("access_review.end", NOBODY, {"from": "running", "to": "ended"})


@leaves(
    ("review_line.lapse", NOBODY, {"from": "open", "to": "lapsed", **REVIEWED}),
    ("grant.lapsed", NOBODY, {"role": "newcomer", "person": ...}),
    ENDED,
)
def role_lapsed(world: World) -> Callable[[], object]:
    return _over(_line(world))


@leaves(("review_line.pass", NOBODY, {"from": "open", "to": "over", **REVIEWED}), ENDED)
def role_had_ended(world: World) -> Callable[[], object]:
    line = _line(world)
    Grant.objects.filter(pk=line.grant_id).update(revoked_at=timezone.now())
    return _over(line)


@leaves(
    ("review_line.keep", NOBODY, {"from": "open", "to": "kept", **REVIEWED, "role": "administrator"}),
    ENDED,
)
def last_administrator_kept(world: World) -> Callable[[], object]:
    alone = person_with("administrator", UnitFactory.create())
    return _over(ReviewLineFactory.create(review__unit=alone.unit, grant=alone.grants.get()))


@leaves(
    ("grant.replaced", AN, {"role": "newcomer", "person": ...}),
    ("grant.given", AN, {"role": "newcomer", "person": ..., "until": None, "reason": "Stays", "replaces": ...}),
)
def role_prolonged(world: World) -> Callable[[], object]:
    ends = timezone.now() + timedelta(days=1)
    grant = GrantFactory.create(person=PersonFactory.create(unit=world.unit), role="newcomer", until=ends)
    return lambda: prolong_grant(grant=grant, until=None, reason="Stays", by=world.an)


NEXT = {"role": "communication_cell", "person": ...}


@leaves(
    ("grant.proposed", AN, {**NEXT, "until": None, "reason": "Ready", "replaces": ...}),
    ("grant.replaced", BRAM, {"role": "newcomer", "person": ...}),
    ("grant.confirmed", BRAM, NEXT),
)
def experienced_now(world: World) -> Callable[[], object]:
    grant = GrantFactory.create(person=PersonFactory.create(unit=world.unit), role="newcomer")

    def both() -> None:
        confirm_grant(grant=advance_grant(grant=grant, reason="Ready", by=world.an), by=world.bram)

    return both


@leaves(
    (
        "unit.governed",
        AN,
        {"reason": "As decided", "people": 0, "changes": {"governance_model": ["autonomy", "hub_and_spoke"]}},
    )
)
def governed_anew(world: World) -> Callable[[], object]:
    unit = UnitFactory.create()
    by = person_with("administrator", unit, name=AN)
    seen = token_of(effects_of(unit, "hub_and_spoke"))
    return lambda: change_governance(unit=unit, model="hub_and_spoke", reason="As decided", seen=seen, by=by)
