from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from conversations.actions import answer_conversation, send_again, withdraw_answer
from delivery.actions import (
    Line,
    cancel_deliveries,
    end_deliveries,
    expire_late,
    look_for_next,
    reconfirm_delivery,
    resolve_unknown,
    send_next,
)
from delivery.enums import DeliveryState, Trouble
from delivery.models import Delivery
from networks.errors import Rejected, Unavailable, Withheld
from networks.types import Finding, Presence
from organisation.models import Grant
from tests.architecture.trail.world import AN, BRAM, NOBODY, World, leaves
from tests.factories.conversations import AnswerFactory
from tests.factories.delivery import POST, claim_next

CLAIM = ("delivery.claim", NOBODY, {"from": "due", "to": "sending", "epoch": 1})


def _due(world: World) -> Delivery:
    """Of a post that is approved and scheduled, and whose time has come."""
    variant = world.scheduled().variants.get()
    Delivery.objects.filter(origin_id=variant.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return Delivery.objects.get(origin_kind=POST, origin_id=variant.pk)


def _sent(world: World, answer: Exception) -> Callable[[], object]:
    _due(world)
    world.network.answers = [answer]
    return lambda: send_next(Line())


@leaves(CLAIM, ("delivery.retry", NOBODY, {"from": "sending", "to": "due", "epoch": 1, "problem": "unavailable"}))
def network_away(world: World) -> Callable[[], object]:
    return _sent(world, Unavailable("busy"))


@leaves(CLAIM, ("delivery.fail", NOBODY, {"from": "sending", "to": "failed", "epoch": 1, "problem": "rejected"}))
def network_refuses(world: World) -> Callable[[], object]:
    return _sent(world, Rejected("no"))


@leaves(CLAIM, ("delivery.give_back", NOBODY, {"from": "sending", "to": "due", "epoch": 1, "problem": ""}))
def frozen_before_the_call(world: World) -> Callable[[], object]:
    return _sent(world, Withheld())


@leaves(("delivery.void", NOBODY, {"from": "due", "to": "cancelled", "reason": "not_approved"}))
def not_approved(world: World) -> Callable[[], object]:
    world.delivery()
    return lambda: claim_next(passing_over=set())


@leaves(
    ("delivery.stop", NOBODY, {"from": "due", "to": "failed", "reason": "backing_lost"}),
    ("post.reopen", NOBODY, {"from": "scheduled", "to": "in_review", "approver": ...}),
    ("approval.reopen", NOBODY, {"from": "cleared", "to": "open", "reason": "approver_left"}),
    ("delivery.end", NOBODY, {"from": "failed", "to": "cancelled", "reason": "backing_lost"}),
)
def approver_left(world: World) -> Callable[[], object]:
    _due(world)
    Grant.objects.filter(person=world.bram, role="communication_cell").update(revoked_at=timezone.now())
    return lambda: claim_next(passing_over=set())


@leaves(("delivery.ask", NOBODY, {"from": "due", "to": "failed", "reason": "answered_there"}))
def answered_on_the_network_meanwhile(world: World) -> Callable[[], object]:
    question = world.mention()
    answer = answer_conversation(conversation=question.conversation, text="Before 30 June", by=world.an)
    facts = {"remote_id": "there", "author": None, "content_hash": "", "published_at": timezone.now()}
    AnswerFactory.create(conversation=question.conversation, mention=question, **facts)
    Delivery.objects.filter(origin_id=answer.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return lambda: claim_next(passing_over=set())


@leaves(
    ("delivery.expire", NOBODY, {"from": "due", "to": "expired"}),
    ("post.expire", NOBODY, {"from": "scheduled", "to": "expired"}),
)
def too_late(world: World) -> Callable[[], object]:
    delivery = _due(world)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() - timedelta(days=30))
    return expire_late


@leaves(("delivery.clear", NOBODY, {"from": "unknown", "to": "due", "epoch": 1}))
def looked_and_not_there(world: World) -> Callable[[], object]:
    world.delivery(DeliveryState.UNKNOWN, epoch=1, first_attempt_at=timezone.now(), unknown_at=timezone.now())
    world.network.findings = [Finding(Presence.ABSENT)]
    return look_for_next


@leaves(("delivery.give_up", AN, {"from": "unknown", "to": "cancelled", "reason": "I looked", "url": ""}))
def given_up(world: World) -> Callable[[], object]:
    lost = world.delivery(DeliveryState.UNKNOWN, unknown_at=timezone.now())
    return lambda: resolve_unknown(delivery=lost, by=world.an, verdict="give_up", reason="I looked")


@leaves(
    ("delivery.reconfirm", AN, {"from": "expired", "to": "due", "due_at": ...}),
    ("post.resume", NOBODY, {"from": "expired", "to": "scheduled"}),
)
def new_time_for_a_message(world: World) -> Callable[[], object]:
    late = _due(world)
    Delivery.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=30))
    expire_late()
    tomorrow = timezone.now() + timedelta(days=1)
    return lambda: reconfirm_delivery(delivery=late, by=world.an, due_at=tomorrow)


@leaves(("delivery.reconfirm", AN, {"from": "failed", "to": "due", "due_at": ...}))
def new_time_for_an_answer(world: World) -> Callable[[], object]:
    answer = world.answer(DeliveryState.FAILED)
    return lambda: send_again(answer=answer, by=world.an)


@leaves(("delivery.withdraw", BRAM, {"from": "due", "to": "cancelled", "reason": "Wrong"}))
def answer_withdrawn(world: World) -> Callable[[], object]:
    answer = world.answer(DeliveryState.DUE)
    return lambda: withdraw_answer(answer=answer, by=world.bram, reason="Wrong")


@leaves(("delivery.withdraw", BRAM, {"from": "due", "to": "cancelled", "reason": "Moved"}))
def message_taken_back(world: World) -> Callable[[], object]:
    due = world.delivery()
    ids = [due.origin_id]
    return lambda: cancel_deliveries(origin_kind=POST, origin_ids=ids, by=world.bram, reason="Moved")


@leaves(("delivery.end", NOBODY, {"from": "due", "to": "cancelled", "reason": "erased"}))
def question_erased(world: World) -> Callable[[], object]:
    ids = [world.delivery().origin_id]
    return lambda: end_deliveries(origin_kind=POST, origin_ids=ids, trouble=Trouble.ERASED)
