"""A post's way onto the calendar and off it again: what each step takes out of the line, voids, counts and refuses."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from delivery.enums import DeliveryState
from delivery.models import Delivery
from organisation.lifecycle import Conflict, Refused
from organisation.queries import story
from publishing import actions
from publishing.actions import Timing
from publishing.enums import PostState
from publishing.models import Post
from publishing.policy import NOTHING_LEFT
from tests.factories.publishing import ZONE, approved, draft, scheduled, tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


def stored(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.longer
def test_each_step_counts_as_a_change_and_takes_back_what_stood_in_line(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    before = stored(post).version
    steps = [
        (actions.schedule_post, {"timing": Timing(tomorrow(), ZONE)}, ["due"]),
        (actions.reschedule_post, {"timing": Timing(tomorrow(11), ZONE)}, ["cancelled", "due"]),
        (actions.unschedule_post, {}, ["cancelled"] * 2),
        (actions.schedule_post, {"timing": Timing(tomorrow(), ZONE)}, ["cancelled"] * 2 + ["due"]),
        (actions.withdraw_post, {"reason": " Over "}, ["cancelled"] * 3),
    ]
    for count, (step, facts, line) in enumerate(steps, 1):
        step(post=post, by=house.approver, **facts)
        assert (stored(post).version, states()) == (before + count, line)
    assert post.approvals.get().void_reason == "withdrawn"
    assert story(post)[0].details["reason"] == "Over"


@pytest.mark.longer
def test_what_fell_out_of_the_line_is_taken_back_when_another_time_is_given(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    Delivery.objects.update(state=DeliveryState.EXPIRED)
    Post.objects.update(state=PostState.APPROVED)
    actions.schedule_post(post=stored(post), by=house.approver, timing=Timing(tomorrow(), ZONE))
    assert states() == ["cancelled", "due"]
    Delivery.objects.filter(state="due").update(state=DeliveryState.EXPIRED)
    Post.objects.update(state=PostState.EXPIRED)
    before = stored(post).version
    actions.reconfirm_post(post=stored(post), by=house.approver, timing=Timing(tomorrow(), ZONE))
    assert (states(), stored(post).version) == (["cancelled", "cancelled", "due"], before + 1)


def test_what_is_out_keeps_nobody_from_withdrawing_a_post_that_is_in_review_again(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    out = {"state": DeliveryState.PUBLISHED, "remote_id": "1", "published_at": timezone.now()}
    Delivery.objects.update(**out)
    Post.objects.update(state=PostState.IN_REVIEW)
    actions.withdraw_post(post=stored(post), by=house.author, reason="Over")
    assert (stored(post).state, states()) == (PostState.WITHDRAWN, ["published"])


def test_a_time_is_needed_and_still_to_come(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    past = timezone.localtime().replace(tzinfo=None) - timedelta(days=1)
    for timing, words in ((None, "Choose a date"), (Timing(past, ZONE), "has passed")):
        with pytest.raises(Refused, match=words) as refused:
            actions.schedule_post(post=post, by=house.approver, timing=timing)
        assert refused.value.field == "wall_time"
    assert stored(post).state == PostState.APPROVED


def test_only_an_approved_post_whose_time_has_passed_expires(house: House) -> None:
    written, post = draft(house.author, house.account), approved(house.author, house.approver, house.account)
    for other in (written, post):
        with pytest.raises(Conflict):
            actions.expire_overdue(post=other)
    Post.objects.update(due_at=timezone.now() - timedelta(minutes=1), wall_time=tomorrow(), zone=ZONE)
    with pytest.raises(Conflict):
        actions.expire_overdue(post=written)
    Post.objects.filter(pk=post.pk).update(state=PostState.SCHEDULED)
    with pytest.raises(Conflict):  # its deliveries say themselves when they are too late
        actions.expire_overdue(post=post)
    Post.objects.filter(pk=post.pk).update(state=PostState.APPROVED)
    before = stored(post).version
    actions.expire_overdue(post=post)
    assert (stored(post).state, stored(post).version) == (PostState.EXPIRED, before + 1)


def test_the_planned_time_is_in_the_zone_that_it_was_planned_in(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    Post.objects.update(wall_time=tomorrow(), zone="Europe/London", due_at=timezone.now())
    before = stored(post).due_at
    made = actions.schedule_post(post=stored(post), by=house.approver)
    assert made.zone == "Europe/London" != house.unit.time_zone
    assert made.due_at.astimezone(ZoneInfo(made.zone)).hour == tomorrow().hour
    told = story(made)[0].details
    assert (told["due_before"], told["due_at"]) == (before.isoformat(), made.due_at.astimezone(UTC).isoformat())


def test_a_post_of_which_nothing_is_left_gets_no_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    post = approved(house.author, house.approver, house.account)
    monkeypatch.setattr("publishing.actions.scheduling.rest_to_send", lambda post: [])
    with pytest.raises(Refused, match=str(NOTHING_LEFT)):
        actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
