"""An approval counts while whoever gave it still may; a time that was moved after it is told, or asks again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.actions import Line, reconfirm_delivery, send_next
from delivery.enums import DeliveryState, Trouble
from delivery.models import Delivery
from delivery.origins import backed_among
from networks import catalogue
from networks.types import Draft, Problem
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Grant, Person
from organisation.queries import story
from publishing import actions
from publishing.actions import PostContent, Timing
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries import posts_to_approve, valid_approval, waiting_for
from publishing.tasks import reopen_unbacked
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import FakeNetwork, thaw
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.publishing import ZONE, approved, draft, hash_of, scheduled, submitted, tomorrow
from tests.publishing.conftest import House
from tests.thorough import thorough_after, thorough_but

pytestmark = pytest.mark.django_db


class Network(FakeNetwork):
    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        return ()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    thaw()
    fake = Network()
    monkeypatch.setattr(catalogue, "connector", lambda account, egress: fake.acting_as(account))
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    return fake


def suspend(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


def revoke(person: Person) -> None:
    Grant.objects.filter(person=person).update(revoked_at=timezone.now())


def let_run_out(person: Person) -> None:
    Grant.objects.filter(person=person).update(until=timezone.now() - timedelta(minutes=1))


LOSSES = pytest.mark.parametrize("lose", [suspend, revoke, let_run_out], ids=lambda one: one.__name__)


def is_due(post: Post) -> None:
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))


# ---- The approver may no longer -------------------------------------------------------------------------------------
@pytest.mark.longer
@LOSSES
def test_what_its_approver_may_no_longer_approve_goes_back_to_review(
    house: House, network: FakeNetwork, lose: Callable[[Person], None]
) -> None:
    second = ConnectedAccountFactory.create(unit=house.unit, languages=["fr"])
    post = scheduled(house.author, house.approver, house.account, second)
    lose(house.approver)
    is_due(post)
    before = Post.objects.get(pk=post.pk).version

    assert send_next(Line()) is False

    assert network.calls == []
    post.refresh_from_db()
    assert (post.state, post.version) == (PostState.IN_REVIEW, before + 1)
    assert valid_approval(post) is None
    assert post.approvals.get().void_reason == "approver_left"
    assert {one.state for one in Delivery.objects.all()} == {DeliveryState.CANCELLED}
    assert story(post).first().verb == "post.reopen"
    assert AuditEvent.objects.filter(verb="post.reopen").count() == 1
    other = person_with("communication_cell", house.unit)
    assert [one.detail for one in waiting_for(other) if one.title == post.title] == [
        "It was approved, but needs approval again: see why"
    ]


@pytest.mark.longer
def test_another_approver_and_a_time_bring_it_out_after_all(house: House, network: FakeNetwork) -> None:
    post = scheduled(house.author, house.approver, house.account)
    suspend(house.approver)
    is_due(post)
    send_next(Line())

    other = person_with("communication_cell", house.unit)
    post.refresh_from_db()
    actions.approve_post(post=post, by=other, content_hash=hash_of(post), planned_for=post.due_at)
    actions.schedule_post(post=post, by=other, timing=Timing(tomorrow(), ZONE))
    is_due(post)
    send_next(Line())
    assert len(network.calls) == 1


@pytest.mark.longer
def test_a_message_that_is_out_stays_out_and_the_rest_asks_again(house: House, network: FakeNetwork) -> None:
    second = ConnectedAccountFactory.create(unit=house.unit, languages=["fr"])
    post = scheduled(house.author, house.approver, house.account, second)
    is_due(post)
    send_next(Line())
    suspend(house.approver)
    send_next(Line())
    post.refresh_from_db()
    assert post.state == PostState.IN_REVIEW
    assert sorted(one.state for one in Delivery.objects.all()) == ["cancelled", "published"]

    other = person_with("communication_cell", house.unit)
    actions.approve_post(post=post, by=other, content_hash=hash_of(post), planned_for=post.due_at)
    actions.schedule_post(post=post, by=other, timing=Timing(tomorrow(), ZONE))
    assert sorted(one.state for one in Delivery.objects.all()) == ["cancelled", "due", "published"]


@pytest.mark.longer
def test_a_message_put_on_another_of_the_post_s_accounts_is_not_sent(house: House, network: FakeNetwork) -> None:
    """Both say the same words: the hash alone would let one account say them twice, and the other never."""
    second = ConnectedAccountFactory.create(unit=house.unit, languages=["fr"])
    post = scheduled(house.author, house.approver, house.account, second)
    moved = Delivery.objects.get(account=house.account)
    Delivery.objects.filter(pk=moved.pk).update(account=second)
    is_due(post)
    while send_next(Line()):
        pass
    moved.refresh_from_db()
    assert (moved.state, moved.problem_code) == (DeliveryState.CANCELLED, Trouble.NOT_APPROVED)
    assert len(network.calls) == 1


@pytest.mark.longer
def test_a_say_lost_over_one_account_is_enough(house: House) -> None:
    elsewhere = UnitFactory.create()
    wide = person_with("communication_cell", house.unit)
    GrantFactory.create(person=wide, role="communication_cell", unit=elsewhere)
    GrantFactory.create(person=house.author, role="communication_cell", unit=elsewhere)
    author, wide = Person.objects.get(pk=house.author.pk), Person.objects.get(pk=wide.pk)
    foreign = ConnectedAccountFactory.create(unit=elsewhere, languages=["fr"])
    post = scheduled(author, wide, house.account, foreign)
    delivery = Delivery.objects.filter(account=house.account).get()
    assert backed_among([delivery])
    theirs, mine = Delivery.objects.get(account=foreign), post.get_absolute_url()
    reader = person_with("communication_cell", elsewhere)
    for person, sees in ((wide, True), (reader, False)):
        client = Client()
        client.force_login(person)
        assert (mine in client.get(theirs.get_absolute_url()).content.decode()) is sees
        assert (client.get(mine).status_code == 200) is sees
    Grant.objects.filter(person=wide, unit=elsewhere).update(revoked_at=timezone.now())
    assert not backed_among([delivery])
    assert reopen_unbacked() == 1
    post.refresh_from_db()
    assert post.state == PostState.IN_REVIEW


@pytest.mark.longer
@LOSSES
@pytest.mark.parametrize("state", thorough_but(["approved", "scheduled", "expired"], "scheduled"))
def test_people_are_told_before_its_time_comes(house: House, state: str, lose: Callable[[Person], None]) -> None:
    make: Any = approved if state == "approved" else scheduled
    post = make(house.author, house.approver, house.account)
    if state == "expired":
        Post.objects.update(state=PostState.EXPIRED)
        Delivery.objects.update(state=DeliveryState.EXPIRED)
    assert reopen_unbacked() == 0
    lose(house.approver)
    assert reopen_unbacked() == 1
    post.refresh_from_db()
    assert post.state == PostState.IN_REVIEW
    assert not Delivery.objects.exclude(state=DeliveryState.CANCELLED).exists()


def test_what_is_out_whole_is_left_alone(house: House, network: FakeNetwork) -> None:
    post = scheduled(house.author, house.approver, house.account)
    is_due(post)
    send_next(Line())
    suspend(house.approver)
    assert reopen_unbacked() == 0
    with pytest.raises(Conflict):
        actions.reopen_review(post=post)


def test_it_is_not_scheduled_either(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    suspend(house.approver)
    with pytest.raises(Refused):
        actions.schedule_post(post=post, by=house.author, timing=Timing(tomorrow(), ZONE))


@pytest.mark.longer
def test_the_pages_say_why(house: House, client: Client) -> None:
    post = scheduled(house.author, house.approver, house.account)
    suspend(house.approver)
    reopen_unbacked()
    other = person_with("communication_cell", house.unit)
    client.force_login(other)
    for name in ("post_detail", "approval"):
        shown = client.get(reverse(f"publishing:{name}", args=[post.pk])).content.decode()
        assert "but this approval no longer counts" in shown
        assert "Whoever approved it may no longer approve." in shown


# ---- The time was moved ---------------------------------------------------------------------------------------------
def planned(post: Post, hour: int) -> PostContent:
    return replace(PostContent.of(post), timing=Timing(tomorrow(hour), ZONE))


def edit(post: Post, by: Person, content: PostContent) -> Post:
    return actions.edit_post(post=post, version=post.version, content=content, by=by)


@pytest.mark.longer
def test_a_time_that_a_newcomer_moves_after_the_approval_asks_again(house: House) -> None:
    post = approved(house.author, house.approver, house.account, timing=Timing(tomorrow(9), ZONE))
    moved = edit(post, house.newcomer, planned(post, 3))
    assert moved.state == PostState.IN_REVIEW
    assert valid_approval(moved) is None
    assert moved.approvals.get().void_reason == "moved"
    assert story(moved).first().verb == "post.replan"
    assert moved in posts_to_approve(house.approver)
    with pytest.raises(PermissionDenied):
        actions.schedule_post(post=moved, by=house.newcomer)


def test_a_newcomer_who_leaves_the_time_alone_asks_nothing(house: House) -> None:
    post = approved(house.author, house.approver, house.account, timing=Timing(tomorrow(9), ZONE))
    edited = edit(post, house.newcomer, replace(planned(post, 9), title="Better title"))
    assert edited.state == PostState.APPROVED


def told(person: Person) -> list[Any]:
    return [one.act for one in waiting_for(Person.objects.get(pk=person.pk))]


@pytest.mark.longer
@pytest.mark.parametrize(
    "way", thorough_after(1, ["one that failed", "edit", "reschedule", "reconfirm", "one message"])
)
def test_a_time_that_somebody_else_moves_is_told_to_the_approver_until_they_have_seen_it(
    house: House, way: str, network: FakeNetwork
) -> None:
    when = Timing(tomorrow(9), ZONE)
    if way == "edit":
        post = approved(house.author, house.approver, house.account, timing=when)
        post = edit(post, house.author, planned(post, 4))
    else:
        post = scheduled(house.author, house.approver, house.account, at=tomorrow(9))
        later = Timing(tomorrow(4), ZONE)
        if way == "reschedule":
            actions.reschedule_post(post=post, by=house.author, timing=later)
        elif way == "one that failed":
            Delivery.objects.update(state=DeliveryState.FAILED)
            at = timezone.now() + timedelta(hours=2)
            reconfirm_delivery(delivery=Delivery.objects.get(), by=house.author, due_at=at)
            post.refresh_from_db()
            assert (post.due_at, post.state) == (at, PostState.SCHEDULED)
            moved = story(post).first()
            assert (moved.verb, moved.actor_id) == ("post.planned", house.author.pk)
        else:
            Post.objects.update(state=PostState.EXPIRED)
            Delivery.objects.update(state=DeliveryState.EXPIRED)
            post.refresh_from_db()
            if way == "reconfirm":
                actions.reconfirm_post(post=post, by=house.author, timing=later)
            else:
                at = timezone.now() + timedelta(hours=2)
                reconfirm_delivery(delivery=Delivery.objects.get(), by=house.author, due_at=at)
    post.refresh_from_db()
    assert valid_approval(post) is not None
    assert "See the new time" in [str(act) for act in told(house.approver)]
    assert "See the new time" not in [str(act) for act in told(house.author)]

    actions.acknowledge_time(post=post, by=house.approver)

    assert "See the new time" not in [str(act) for act in told(house.approver)]
    assert story(post).first().verb == "post.time_seen"
    with pytest.raises(Conflict):
        actions.acknowledge_time(post=post, by=house.approver)


@pytest.mark.longer
def test_the_first_time_is_no_move_and_ones_own_is_known(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    actions.schedule_post(post=post, by=house.author, timing=Timing(tomorrow(9), ZONE))
    assert "See the new time" not in [str(act) for act in told(house.approver)]
    actions.reschedule_post(post=post, by=house.approver, timing=Timing(tomorrow(10), ZONE))
    assert "See the new time" not in [str(act) for act in told(house.approver)]


@pytest.mark.longer
def test_a_time_moved_while_the_approver_was_reading_is_told(house: House) -> None:
    post = submitted(house.author, house.account, timing=Timing(tomorrow(9), ZONE))
    seen = post.due_at
    post = edit(post, house.newcomer, planned(post, 4))
    actions.approve_post(post=post, by=house.approver, content_hash=hash_of(post), planned_for=seen)
    assert "See the new time" in [str(act) for act in told(house.approver)]


@pytest.mark.longer
def test_a_new_time_that_has_come_is_still_told_but_late_for_nothing(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account, at=tomorrow(9))
    actions.reschedule_post(post=post, by=house.author, timing=Timing(tomorrow(4), ZONE))
    (ahead,) = [one for one in waiting_for(house.approver) if str(one.act) == "See the new time"]
    assert ahead.due_at == Post.objects.get().due_at
    Post.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    (past,) = [one for one in waiting_for(house.approver) if str(one.act) == "See the new time"]
    assert past.due_at is None


@pytest.mark.longer
def test_the_approver_sees_it_on_the_page_and_says_so(house: House, client: Client) -> None:
    post = scheduled(house.author, house.approver, house.account, at=tomorrow(9))
    actions.reschedule_post(post=post, by=house.author, timing=Timing(tomorrow(4), ZONE))
    page, button = (reverse(f"publishing:{name}", args=[post.pk]) for name in ("post_detail", "time_seen"))

    client.force_login(person_with("communication_cell", house.unit))
    assert button not in client.get(page).content.decode()
    assert client.post(button).status_code == 409
    client.force_login(house.newcomer)
    assert client.post(button).status_code == 403
    client.force_login(house.approver)
    assert button in client.get(page).content.decode()
    assert client.post(button).status_code == 302
    assert button not in client.get(page).content.decode()


@pytest.mark.longer
def test_the_api_tells_both_and_takes_the_approvers_word(house: House, client: Client) -> None:
    post = scheduled(house.author, house.approver, house.account, at=tomorrow(9))
    actions.reschedule_post(post=post, by=house.author, timing=Timing(tomorrow(4), ZONE))
    client.force_login(house.approver)
    before = client.get(f"/api/v1/posts/{post.pk}/").json()
    assert before["approvals"][0]["planned_for"] != before["due_at"]
    after = client.post(f"/api/v1/posts/{post.pk}/time-seen/").json()
    assert after["approvals"][0]["planned_for"] == after["due_at"]


def test_a_draft_moved_by_a_newcomer_asks_nobody(house: House) -> None:
    post = draft(house.author, house.account, timing=Timing(tomorrow(9), ZONE))
    assert edit(post, house.newcomer, planned(post, 4)).state == PostState.DRAFT


@pytest.mark.longer
def test_the_approvers_page_says_for_which_time_they_approve(house: House, client: Client) -> None:
    post = submitted(house.author, house.account, timing=Timing(tomorrow(9), ZONE))
    seen = post.due_at
    client.force_login(house.approver)
    shown = client.get(reverse("publishing:approval", args=[post.pk])).content.decode()
    field = re.search(r'name="planned_for" value="([^"]+)"', shown)
    assert field is not None
    edit(post, house.newcomer, planned(post, 4))

    given = {"content_hash": hash_of(post), "planned_for": field[1]}
    assert client.post(reverse("publishing:approve", args=[post.pk]), given).status_code == 302
    approval = post.approvals.get()
    assert (approval.void_at, approval.planned_for) == (None, seen)
    assert "See the new time" in [str(act) for act in told(house.approver)]
