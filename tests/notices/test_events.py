"""An address is called with what happened to accounts, posts, conversations and crises; and for a trial."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.actions import categorise_conversation, close_conversation
from notices.actions import call_for_trial, call_webhook, end_target, feed_webhooks, purge, set_target
from notices.kinds import happenings
from notices.models import WebhookCall, WebhookTarget
from notices.queries.targets import end_of_the_trail
from organisation.actions import seal_all
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Grant, Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.notices import Trial, WebhookTargetFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import draft
from tests.notices.conftest import look
from tests.notices.test_webhooks import Begin, Hook, hook
from tests.publishing.conftest import House

__all__ = ["hook"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(house: House) -> Person:
    return person_with("administrator", house.unit, name="Ada")


@pytest.fixture
def target(house: House, administrator: Person, hook: Hook) -> WebhookTarget:
    facts: dict[str, Any] = {"kinds": [], "language": "nl", "by": administrator}
    events = ["conversation", "post"]
    return set_target(unit=house.unit, address=hook.address, events=events, **facts)[0]


def conversation(unit: Unit) -> Any:
    account = ConnectedAccountFactory.create(unit=unit)
    return MentionFactory.create(conversation=ConversationFactory.create(account=account)).conversation


def close(one: Any) -> None:
    by = person_with("conversation_manager", one.unit)
    categorise_conversation(conversation=one, category="press", by=by)
    close_conversation(conversation=one, by=by, reason="An wrote to me herself")


def fed() -> list[dict[str, Any]]:
    seal_all()
    feed_webhooks()
    return [call.told for call in WebhookCall.objects.order_by("pk") if call.told is not None]


def test_each_room_says_what_happens_in_it() -> None:
    assert list(happenings()) == ["account", "conversation", "crisis", "post"]


def test_an_act_is_told_once_and_without_anybodys_words(house: House, target: WebhookTarget, hook: Hook) -> None:
    one = conversation(house.unit)
    close(one)
    assert [told["event"] for told in fed()] == ["conversation.categorised", "conversation.close"]
    assert len(fed()) == 2
    while call_webhook():
        pass
    first, second = sorted((json.loads(body) for _headers, body in hook.calls), key=lambda told: told["id"])
    event = AuditEvent.objects.get(verb="conversation.close")
    assert second.keys() == {"id", "event", "noun", "key", "unit", "at", "url"}
    assert (second["noun"], second["key"], second["unit"]) == ("conversation", str(one.pk), "finance")
    assert second["at"] == event.occurred_at.isoformat()
    assert second["url"].endswith(reverse("conversations:conversation", args=[one.pk]))
    assert b"herself" not in hook.calls[0][1] + hook.calls[1][1]
    assert first["event"] == "conversation.categorised"
    assert {headers["Parvis-Notice"] for headers, _body in hook.calls} == {str(first["id"]), str(second["id"])}


def test_only_what_was_chosen_in_the_unit_and_below(house: House, target: WebhookTarget) -> None:
    below, elsewhere = UnitFactory.create(parent=house.unit), UnitFactory.create()
    close(conversation(below))
    close(conversation(elsewhere))
    WebhookTarget.objects.update(events=["post"])
    assert fed() == []
    close(conversation(below))
    WebhookTarget.objects.update(events=["conversation"])
    assert [told["unit"] for told in fed()] == [below.slug] * 2
    WebhookTarget.objects.update(unit=below)
    close(conversation(house.unit))
    assert len(fed()) == 2, "not what is above, whoever set it reads it there"


@pytest.mark.parametrize("over", ["role", "person"])
def test_whoever_set_it_still_reads_the_trail(
    house: House, administrator: Person, target: WebhookTarget, over: str
) -> None:
    close(conversation(house.unit))
    if over == "role":
        Grant.objects.filter(person=administrator).update(revoked_at=Now())
    else:
        Person.objects.filter(pk=administrator.pk).update(is_active=False)
    assert fed() == []


def test_what_happened_before_is_not_told(house: House, administrator: Person) -> None:
    close(conversation(house.unit))
    seal_all()
    facts: dict[str, Any] = {"kinds": [], "language": "nl", "by": administrator, "events": ["conversation"]}
    made, _secret = set_target(unit=house.unit, address="https://hooks.example/1", **facts)
    assert made.heard_to == end_of_the_trail()
    assert fed() == []


def test_what_is_sealed_late_is_told_all_the_same(house: House, target: WebhookTarget) -> None:
    """An act that took long has an earlier number than what was told meanwhile; its place in the trail comes after."""
    close(conversation(house.unit))
    assert len(fed()) == 2
    late = draft(person_with("communication_cell", house.unit), ConnectedAccountFactory.create(unit=house.unit))
    assert [(told["event"], told["key"]) for told in fed()[2:]] == [("post.started", str(late.pk))]


def test_who_wants_events_alone_is_told_no_notice(house: House, trial: Begin, target: WebhookTarget) -> None:
    made: Trial = trial()
    made.standing[1] = "a"
    look()
    assert not WebhookCall.objects.exists()
    WebhookTarget.objects.update(kinds=["trial"])
    made.standing[2] = "b"
    look()
    assert WebhookCall.objects.count() == 1


def test_an_event_that_nobody_tells_is_refused(house: House, administrator: Person) -> None:
    facts: dict[str, Any] = {"kinds": [], "language": "nl", "by": administrator, "events": ["person"]}
    with pytest.raises(Refused, match="no such event"):
        set_target(unit=house.unit, address="https://hooks.example/1", **facts)


def test_a_trial_call_goes_out_and_the_list_says_so(
    administrator: Person, target: WebhookTarget, hook: Hook, client: Client
) -> None:
    client.force_login(administrator)
    hook.status = 503
    answer = client.post(reverse("notices:target_test", args=[target.pk]), follow=True)
    assert "A trial call" in answer.content.decode()
    assert call_webhook()
    page = client.get(reverse("notices:target_detail", args=[target.pk])).content.decode()
    assert "It cannot be reached, or takes no calls." in page
    assert "Waits" in page
    with pytest.raises(Refused, match="still under way"):
        call_for_trial(target=target, by=administrator)
    hook.status = 204
    WebhookCall.objects.update(next_at=timezone.now())
    assert call_webhook()
    assert json.loads(hook.calls[-1][1])["event"] == "test"
    assert "Taken" in client.get(reverse("notices:target_detail", args=[target.pk])).content.decode()
    assert AuditEvent.objects.filter(verb="webhook.tested").count() == 1


def test_only_who_manages_the_unit_tries_it(house: House, administrator: Person, target: WebhookTarget) -> None:
    with pytest.raises(PermissionDenied):
        call_for_trial(target=target, by=house.approver)
    end_target(target=target, by=administrator)
    with pytest.raises(Conflict):
        call_for_trial(target=target, by=administrator)


def test_calls_of_events_end_with_their_month(house: House) -> None:
    target = WebhookTargetFactory.create(unit=house.unit)
    month = timedelta(days=31)
    for ended_at in (Now() - month, Now(), None):
        WebhookCall.objects.create(target=target, told={"event": "test"}, ended_at=ended_at)
    purge()
    assert WebhookCall.objects.count() == 2
