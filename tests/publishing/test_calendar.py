"""When a post goes out, and what has to be there before it may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts_registry.enums import ConnectionState
from delivery.actions import resolve_unknown
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.origins import origin_of
from organisation.lifecycle import Refused
from organisation.queries import story
from publishing import actions
from publishing.actions import ImageText, Timing, VariantText
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries import valid_approval
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import is_approved
from tests.factories.organisation import person_with
from tests.factories.publishing import (
    ZONE,
    approved,
    content_for,
    draft,
    hash_of,
    new_image,
    scheduled,
    submitted,
    tomorrow,
)
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


# ---- The calendar ---------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_moving_a_post_keeps_its_approval(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    moved = actions.reschedule_post(post=post, by=house.approver, timing=Timing(tomorrow(15), ZONE))
    assert valid_approval(moved) is not None
    due = Delivery.objects.get(state=DeliveryState.DUE)
    assert due.due_at == moved.due_at
    assert is_approved(due)


@pytest.mark.longer
def test_off_the_calendar_and_on_again(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    post = actions.unschedule_post(post=post, by=house.approver)
    assert post.state == PostState.APPROVED
    assert not Delivery.objects.filter(state=DeliveryState.DUE).exists()
    post = actions.schedule_post(post=post, by=house.approver)
    assert post.state == PostState.SCHEDULED


@pytest.mark.parametrize(
    ("wall", "fold", "field"),
    [
        ("2027-03-28T02:30", None, "wall_time"),
        ("2027-10-31T02:30", None, "fold"),
        ("2020-05-03T09:00", None, "wall_time"),
        (None, None, "wall_time"),
    ],
)
def test_times_that_cannot_be_are_refused_at_their_field(house: House, wall: str, fold: int | None, field: str) -> None:
    post = approved(house.author, house.approver, house.account)
    moment = timezone.datetime.fromisoformat(wall) if wall else None
    with pytest.raises(Refused) as refused:
        actions.schedule_post(post=post, by=house.approver, timing=Timing(moment, ZONE, fold))
    assert refused.value.field == field


@pytest.mark.longer
def test_the_second_of_two_is_an_hour_later(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    year = timezone.localdate().year + 1
    last_sunday = max(day for day in range(25, 32) if timezone.datetime(year, 10, day).weekday() == 6)
    twice = timezone.datetime(year, 10, last_sunday, 2, 30)
    first = actions.schedule_post(post=post, by=house.approver, timing=Timing(twice, ZONE, 0)).due_at
    second = actions.reschedule_post(post=post, by=house.approver, timing=Timing(twice, ZONE, 1)).due_at
    assert second - first == timedelta(hours=1)


@pytest.mark.longer
def test_an_account_that_lost_its_connection_blocks_scheduling(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    house.account.connection_state = ConnectionState.BROKEN
    house.account.save()
    with pytest.raises(Refused) as refused:
        actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
    assert "not connected" in refused.value.reasons[0]


@pytest.mark.longer
def test_too_late_waits_for_a_person_and_a_new_time(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    delivery = Delivery.objects.get()
    delivery.state = DeliveryState.EXPIRED
    delivery.save()
    origin_of(delivery).settled(delivery)
    post.refresh_from_db()
    assert post.state == PostState.EXPIRED
    post = actions.reconfirm_post(post=post, by=house.approver, timing=Timing(tomorrow(10), ZONE))
    assert post.state == PostState.SCHEDULED
    assert [one.state for one in Delivery.objects.order_by("pk")] == [DeliveryState.CANCELLED, DeliveryState.DUE]


@pytest.mark.longer
def test_a_message_given_a_new_time_on_its_own_page_resumes_the_post(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    delivery = Delivery.objects.get()
    delivery.state = DeliveryState.EXPIRED
    delivery.save()
    origin_of(delivery).settled(delivery)
    delivery.state, delivery.due_at = DeliveryState.DUE, timezone.now() + timedelta(days=3)
    delivery.save()
    origin_of(delivery).settled(delivery)
    post.refresh_from_db()
    assert (post.state, post.due_at) == (PostState.SCHEDULED, delivery.due_at)


@pytest.mark.longer
def test_only_what_did_not_go_out_is_sent_again(house: House) -> None:
    second = ConnectedAccountFactory.create(unit=house.unit, languages=["nl"])
    post = scheduled(house.author, house.approver, house.account, second)
    gone, left = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=gone.pk).update(state="published", remote_id="1", published_at=timezone.now())
    Delivery.objects.filter(pk=left.pk).update(state="failed")
    actions.reschedule_post(post=post, by=house.approver, timing=Timing(tomorrow(20), ZONE))
    assert [one.state for one in Delivery.objects.order_by("pk")] == ["published", "cancelled", "due"]


@pytest.mark.longer
def test_what_was_given_up_while_uncertain_is_sent_again_under_a_new_approval_only(house: House) -> None:
    """Giving up and scheduling anew would be somebody's word for it that the message is not there."""
    post = scheduled(house.author, house.approver, house.account)
    lost = Delivery.objects.get()
    Delivery.objects.update(state="unknown", unknown_at=timezone.now(), first_attempt_at=timezone.now(), epoch=1)
    lost.refresh_from_db()
    resolve_unknown(delivery=lost, by=house.approver, verdict="give_up", reason="I do not find it")
    with pytest.raises(Refused, match="approved anew"):
        actions.reschedule_post(post=post, by=house.approver, timing=Timing(tomorrow(20), ZONE))
    post = actions.unschedule_post(post=post, by=house.approver)
    with pytest.raises(Refused, match="approved anew"):
        actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(20), ZONE))
    assert [one.state for one in Delivery.objects.all()] == ["cancelled"]
    changed = content_for(house.account, core_text="Votre déclaration est prête depuis hier.")
    post = actions.edit_post(post=post, version=post.version, content=changed, by=house.approver)
    post = actions.submit_post(post=post, by=house.author)
    other = person_with("communication_cell", house.unit)
    post = actions.approve_post(post=post, by=other, content_hash=hash_of(post), planned_for=post.due_at)
    actions.schedule_post(post=post, by=other, timing=Timing(tomorrow(20), ZONE))
    assert sorted(one.state for one in Delivery.objects.all()) == ["cancelled", "due"]


@pytest.mark.longer
def test_an_approved_post_whose_time_passed_expires(house: House) -> None:
    from publishing.tasks import expire_approved

    post = approved(house.author, house.approver, house.account, timing=Timing(tomorrow(), ZONE))
    assert expire_approved() == 0
    Post.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert expire_approved() == 1
    post.refresh_from_db()
    assert post.state == PostState.EXPIRED
    assert story(post).first().actor_id is None


# ---- What is missing ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"variants": []}, "at least one account"),
        ({"core_text": ""}, "no text"),
        ({"core_text": "x" * 501}, "too long"),
        ({"new_images": [("", False)]}, "no description"),
        ({"new_images": [("fr", False)] * 5}, "at most 4 images"),
    ],
)
def test_what_is_incomplete_is_not_submitted(house: House, facts: dict[str, Any], words: str) -> None:
    if "new_images" in facts:
        facts["new_images"] = [new_image({code: "Texte"} if code else {}) for code, _ in facts["new_images"]]
    post = draft(house.author, house.account, **facts)
    with pytest.raises(Refused) as refused:
        actions.submit_post(post=post, by=house.author)
    assert any(words in reason for reason in refused.value.reasons)


def test_decoration_needs_no_description(house: House) -> None:
    assert submitted(house.author, house.account, new_images=[new_image(decorative=True)]).state == "in_review"


def test_a_bilingual_account_needs_both_languages_and_both_descriptions(house: House) -> None:
    both = ConnectedAccountFactory.create(unit=house.unit, languages=["fr", "nl"])
    post = draft(house.author, both, new_images=[new_image({"fr": "Un bâtiment"})])
    with pytest.raises(Refused) as refused:
        actions.submit_post(post=post, by=house.author)
    assert "Nederlands" in refused.value.reasons[0]
    image = {post.media.get().pk: ImageText({"fr": "Un bâtiment", "nl": "Een gebouw"})}
    written = content_for(both, variants=[VariantText(both, "fr")], images=image)
    post = actions.edit_post(post=post, version=post.version, content=written, by=house.author)
    with pytest.raises(Refused) as refused:
        actions.submit_post(post=post, by=house.author)
    assert "also speaks Nederlands" in refused.value.reasons[0]
