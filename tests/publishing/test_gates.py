"""What a unit asks of whoever publishes stands before planning, moving and confirming a post, and sending an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.actions import answer_conversation, send_again
from conversations.models import Conversation
from delivery.actions import reconfirm_delivery
from delivery.models import Delivery
from organisation.lifecycle import Refused
from organisation.models import Person, TrainingModule
from publishing.actions import reconfirm_post, reschedule_post, schedule_post
from publishing.actions.writing import Timing
from publishing.enums import PostState
from publishing.models import Post
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory, asked_now
from tests.factories.delivery import ANSWER, DeliveryFactory
from tests.factories.organisation import GrantFactory
from tests.factories.publishing import ZONE, approved, scheduled, tomorrow
from tests.factories.training import TrainingFactory, attested, certified, gate, in_force
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Act = Callable[[], object]


@pytest.fixture(autouse=True)
def unwoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)


@pytest.fixture
def module(house: House) -> TrainingModule:
    return TrainingFactory.create(unit=house.unit)


@pytest.fixture
def planner(house: House) -> Person:
    """Plans and answers; their certificate has expired."""
    GrantFactory.create(person=house.approver, role="conversation_manager", unit=house.unit)
    house.approver.forget_grants()
    return house.approver


def _plans(house: House, planner: Person) -> Act:
    post = approved(house.author, planner, house.account)
    return lambda: schedule_post(post=post, by=planner, timing=Timing(tomorrow(), ZONE))


def _moves(house: House, planner: Person) -> Act:
    post = scheduled(house.author, planner, house.account)
    return lambda: reschedule_post(post=post, by=planner, timing=Timing(tomorrow(11), ZONE))


def _confirms(house: House, planner: Person) -> Act:
    post = scheduled(house.author, planner, house.account)
    Post.objects.filter(pk=post.pk).update(state=PostState.EXPIRED)
    Delivery.objects.update(state="expired")
    post.refresh_from_db()
    return lambda: reconfirm_post(post=post, by=planner, timing=Timing(tomorrow(), ZONE))


def _conversation(house: House) -> Conversation:
    conversation = ConversationFactory.create(account=house.account)
    MentionFactory.create(conversation=conversation)
    return conversation


def _answers(house: House, planner: Person) -> Act:
    conversation = _conversation(house)
    asked = asked_now(conversation)
    return lambda: answer_conversation(conversation=conversation, text="Bonjour", by=planner, question=asked)


def _sends_again(house: House, planner: Person) -> Act:
    answer = AnswerFactory.create(conversation=_conversation(house))
    DeliveryFactory.create(account=house.account, state="failed", origin_kind=ANSWER, origin_id=answer.pk)
    return lambda: send_again(answer=answer, by=planner)


def _puts_in_line_again(house: House, planner: Person) -> Act:
    post = scheduled(house.author, planner, house.account)
    Delivery.objects.update(state="failed")
    delivery = Delivery.objects.get(origin_id=post.variants.get().pk)
    return lambda: reconfirm_delivery(delivery=delivery, by=planner, due_at=timezone.now() + timedelta(hours=1))


ACTS = [_plans, _moves, _confirms, _answers, _sends_again, _puts_in_line_again]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__.strip("_"))
def test_each_act_is_refused_with_what_is_missing_and_done_once_it_is_there(
    act: Callable[[House, Person], Act], house: House, planner: Person, module: TrainingModule
) -> None:
    done = act(house, planner)
    gate(house.unit, training="require", module=module)
    certified(module, planner, expired=True)
    with pytest.raises(Refused, match="You have no valid certificate of the training"):
        done()
    certified(module, planner)
    done()


@pytest.mark.parametrize("act", [_plans, _answers], ids=lambda act: act.__name__.strip("_"))
def test_a_policy_that_was_not_attested_stops_it_too(
    act: Callable[[House, Person], Act], house: House, planner: Person
) -> None:
    done = act(house, planner)
    gate(house.unit, policy="require")
    version = in_force(house.unit, days_ago=31)
    with pytest.raises(Refused, match="You have not attested the house policy"):
        done()
    attested(version, planner)
    done()


@pytest.mark.parametrize("act", [_plans, _answers], ids=lambda act: act.__name__.strip("_"))
def test_what_is_only_said_lets_it_through(
    act: Callable[[House, Person], Act], house: House, planner: Person, module: TrainingModule
) -> None:
    gate(house.unit, training="warn", module=module)
    act(house, planner)()


def test_what_stands_in_line_already_is_not_stopped(house: House, planner: Person, module: TrainingModule) -> None:
    post = scheduled(house.author, planner, house.account)
    gate(house.unit, training="require", module=module)
    delivery = Delivery.objects.get(origin_id=post.variants.get().pk)
    assert delivery.state == "due"


# ---- Seen beforehand -------------------------------------------------------------------------------------------------
def _page(person: Person, name: str, *args: Any) -> str:
    client = Client()
    client.force_login(person)
    return str(client.get(reverse(name, args=args)).content.decode())


def test_the_page_of_a_post_tells_who_plans_what_they_lack_with_the_way_to_it(
    house: House, planner: Person, module: TrainingModule
) -> None:
    gate(house.unit, training="require", module=module)
    post = approved(house.author, planner, house.account)
    page = _page(planner, "publishing:post_detail", post.pk)
    assert f'<a href="{module.get_absolute_url()}">You have no valid certificate' in page
    assert "Everything is in order." not in page
    assert "You have no valid certificate" not in _page(house.newcomer, "publishing:post_detail", post.pk)
    certified(module, planner)
    assert "You have no valid certificate" not in _page(planner, "publishing:post_detail", post.pk)


def test_the_page_of_a_conversation_tells_who_answers(house: House, planner: Person, module: TrainingModule) -> None:
    gate(house.unit, training="warn", module=module)
    conversation = _conversation(house)
    page = _page(planner, "conversations:conversation", conversation.pk)
    assert "You have no valid certificate" in page
    assert module.get_absolute_url() in page


def test_who_is_warned_reads_it_again_once_it_is_done(house: House, planner: Person, module: TrainingModule) -> None:
    gate(house.unit, training="warn", module=module)
    post = approved(house.author, planner, house.account)
    client = Client()
    client.force_login(planner)
    sent = {"wall_time": tomorrow().strftime("%Y-%m-%dT%H:%M"), "zone": ZONE, "fold": "0"}
    answer = client.post(reverse("publishing:schedule", args=[post.pk]), sent, follow=True)
    assert "The post is scheduled." in answer.content.decode()
    assert "You have no valid certificate" in answer.content.decode()


def test_a_refused_plan_says_why_on_its_page(house: House, planner: Person, module: TrainingModule) -> None:
    gate(house.unit, training="require", module=module)
    post = approved(house.author, planner, house.account)
    client = Client()
    client.force_login(planner)
    sent = {"wall_time": tomorrow().strftime("%Y-%m-%dT%H:%M"), "zone": ZONE, "fold": "0"}
    answer = client.post(reverse("publishing:schedule", args=[post.pk]), sent)
    assert answer.status_code == 422
    assert answer.content.decode().count("You have no valid certificate") > 1
    post.refresh_from_db()
    assert post.state == PostState.APPROVED
