"""What may happen to a post, by whom, and what no path leads around."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.origins import origin_of
from organisation.actions import perform
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent
from organisation.queries import story
from publishing import actions
from publishing.actions import ImageText, PostContent, Timing, VariantText
from publishing.enums import POST_LIFECYCLE, PostState
from publishing.models import Post
from publishing.queries import deliveries_by_post, posts_to_approve, progress, valid_approval
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.approvals import request_for
from tests.factories.delivery import is_approved
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import (
    ZONE,
    approved,
    content_for,
    draft,
    hash_of,
    new_image,
    new_video,
    scheduled,
    submitted,
    tomorrow,
)
from tests.publishing.conftest import House
from tests.thorough import thorough_after, thorough_but

pytestmark = pytest.mark.django_db

EDGES = {name.name for name in POST_LIFECYCLE.transitions}


def edit(post: Post, by: Any, content: Any) -> Post:
    return actions.edit_post(post=post, version=post.version, content=content, by=by)


@pytest.mark.longer
def test_the_whole_way_leaves_one_event_a_step(house: House) -> None:
    post = scheduled(house.newcomer, house.approver, house.account)
    assert post.state == PostState.SCHEDULED
    told = [event.verb for event in story(post)]
    assert told == ["post.schedule", "post.approve", "post.submit", "post.started"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.due_at) == (DeliveryState.DUE, post.due_at)
    assert is_approved(delivery)
    assert origin_of(delivery).url(delivery, house.author) == post.get_absolute_url()


# ---- Four eyes ------------------------------------------------------------------------------------------------------
def test_the_author_does_not_approve(house: House) -> None:
    post = submitted(house.author, house.account)
    with pytest.raises(PermissionDenied):
        actions.approve_post(post=post, by=house.author, content_hash=hash_of(post))


@pytest.mark.longer
def test_nobody_who_edited_approves(house: House) -> None:
    post = draft(house.author, house.account)
    post = edit(post, house.approver, content_for(house.account, core_text="Edited by Bram"))
    actions.submit_post(post=post, by=house.author)
    with pytest.raises(PermissionDenied):
        actions.approve_post(post=post, by=house.approver, content_hash=hash_of(post))
    third = person_with("communication_cell", house.unit)
    actions.approve_post(post=post, by=third, content_hash=hash_of(post))


@pytest.mark.parametrize("who", ["newcomer", "auditor", "stranger"])
def test_who_holds_no_permission_here_does_not_approve(house: House, who: str) -> None:
    post = submitted(house.author, house.account)
    with pytest.raises(PermissionDenied):
        actions.approve_post(post=post, by=getattr(house, who), content_hash=hash_of(post))


def test_a_suspended_person_does_not_approve(house: House) -> None:
    post = submitted(house.author, house.account)
    house.approver.is_active = False
    house.approver.save()
    with pytest.raises(PermissionDenied):
        actions.approve_post(post=post, by=house.approver, content_hash=hash_of(post))


def test_the_approver_has_a_say_over_every_account(house: House) -> None:
    below = UnitFactory.create(parent=house.unit, slug="customs")
    local = person_with("communication_cell", below)
    wide = person_with("communication_cell", house.unit)
    post = submitted(wide, house.account, unit=below)
    with pytest.raises(Refused):
        actions.approve_post(post=post, by=local, content_hash=hash_of(post))


@pytest.mark.longer
def test_a_newcomer_drafts_and_submits_only(house: House) -> None:
    post = submitted(house.newcomer, house.account)
    actions.approve_post(post=post, by=house.approver, content_hash=hash_of(post))
    with pytest.raises(PermissionDenied):
        actions.schedule_post(post=post, by=house.newcomer, timing=Timing(tomorrow(), ZONE))
    actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
    with pytest.raises(PermissionDenied):
        edit(post, house.newcomer, content_for(house.account, core_text="Changed"))
    for act in (actions.unschedule_post, lambda **facts: actions.withdraw_post(reason="x", **facts)):
        with pytest.raises(PermissionDenied):
            act(post=post, by=house.newcomer)


def test_nobody_writes_for_an_account_out_of_their_reach(house: House) -> None:
    foreign = ConnectedAccountFactory.create()
    with pytest.raises(Refused) as refused:
        draft(house.author, foreign, unit=house.unit)
    assert refused.value.field == "accounts"


# ---- Approval is bound to the content -------------------------------------------------------------------------------
def changes(house: House, post: Post) -> dict[str, Any]:
    content = content_for(house.account)
    image = post.media.get().pk
    second = ConnectedAccountFactory.create(unit=house.unit, languages=["nl"])
    described = {image: ImageText({"fr": "Un bâtiment"})}
    own = VariantText(house.account, "fr", "Own text")
    base = replace(content, images=described)
    return {
        "core text": replace(base, core_text="Another text"),
        "link": replace(base, link="https://fin.example"),
        "variant text": replace(base, variants=[own]),
        "variant link": replace(base, variants=[VariantText(house.account, "fr", "", "https://fin.example")]),
        "another account": replace(base, variants=[*base.variants, VariantText(second, "nl", "Tekst")]),
        "another language": replace(base, variants=[*base.variants, VariantText(house.account, "nl", "Tekst")]),
        "account taken away": replace(base, variants=[]),
        "alt text": replace(base, images={image: ImageText({"fr": "Autre chose"})}),
        "decorative": replace(base, images={image: ImageText(decorative=True)}),
        "image taken away": replace(base, images={image: ImageText(remove=True)}),
        "image added": replace(base, new_images=[new_image({"fr": "Encore"})]),
    }


@pytest.mark.longer
@pytest.mark.parametrize(
    "what",
    thorough_after(
        8,
        [
            "core text",
            "link",
            "variant text",
            "another account",
            "account taken away",
            "alt text",
            "image taken away",
            "image added",
            "variant link",
            "another language",
            "decorative",
        ],
    ),
)
@pytest.mark.parametrize("state", thorough_but(["in_review", "approved", "scheduled"], "approved"))
def test_every_edit_of_what_is_sent_voids_the_approval(house: House, what: str, state: str) -> None:
    make = {"in_review": submitted, "approved": approved, "scheduled": scheduled}[state]
    people = [house.author] if state == "in_review" else [house.author, house.approver]
    post = make(*people, house.account, new_images=[new_image({"fr": "Un bâtiment"})])
    edited = edit(post, house.author, changes(house, post)[what])
    assert edited.state == PostState.DRAFT
    assert valid_approval(edited) is None
    assert not Delivery.objects.filter(state=DeliveryState.DUE).exists()
    if state != "in_review":
        assert edited.approvals.get().void_reason == "edited"
    assert story(edited).first().verb == ("post.pull_back" if state == "scheduled" else "post.revise")


@pytest.mark.longer
def test_a_new_title_voids_nothing(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    edited = edit(post, house.author, content_for(house.account, title="Better title"))
    assert edited.state == PostState.APPROVED
    assert valid_approval(edited) is not None


@pytest.mark.longer
def test_approving_another_text_than_the_one_seen_is_a_conflict(house: House) -> None:
    post = submitted(house.author, house.account)
    seen = hash_of(post)
    post = edit(post, house.author, content_for(house.account, core_text="Quite another text"))
    actions.submit_post(post=post, by=house.author)
    with pytest.raises(Conflict):
        actions.approve_post(post=post, by=house.approver, content_hash=seen)
    assert post.state == PostState.IN_REVIEW


@pytest.mark.longer
def test_a_text_changed_behind_the_actions_is_not_sent(house: House) -> None:
    scheduled(house.author, house.approver, house.account)
    Post.objects.update(core_text="Smuggled")
    delivery = Delivery.objects.get()
    assert not is_approved(delivery)


@pytest.mark.longer
def test_a_message_that_is_not_the_approved_one_is_not_sent(house: House) -> None:
    scheduled(house.author, house.approver, house.account)
    Delivery.objects.update(content_hash="0" * 64)
    delivery = Delivery.objects.get()
    assert not is_approved(delivery)


@pytest.mark.longer
def test_the_file_of_an_image_swapped_on_disk_is_not_sent(house: House, media_folder: Any) -> None:
    post = scheduled(house.author, house.approver, house.account, new_images=[new_image({"fr": "Un bâtiment"})])
    (media_folder / post.media.get().file.name).write_bytes(b"another picture")
    delivery = Delivery.objects.get()
    assert not is_approved(delivery)


@pytest.mark.longer
@pytest.mark.parametrize("state", ["sending", "published", "unknown"])
def test_what_is_on_its_way_does_not_change(house: House, state: str) -> None:
    post = scheduled(house.author, house.approver, house.account)
    now = timezone.now()
    facts = {"sending": {"epoch": 1, "lease_until": now}, "published": {"remote_id": "1", "published_at": now}}
    Delivery.objects.update(state=state, **facts.get(state, {}))
    for content in (content_for(house.account, core_text="Too late"), content_for(variants=[])):
        with pytest.raises(Refused):
            edit(post, house.author, content)
    for act in (actions.unschedule_post, lambda **these: actions.withdraw_post(reason="x", **these)):
        with pytest.raises(Refused):
            act(post=post, by=house.approver)
    with pytest.raises(Refused):
        actions.reschedule_post(post=post, by=house.approver, timing=Timing(tomorrow(11), ZONE))
    post.refresh_from_db()
    assert post.state == PostState.SCHEDULED


def test_two_who_edit_at_once_the_second_is_told(house: House) -> None:
    post = draft(house.author, house.account)
    mine, theirs = post.version, post.version
    actions.edit_post(post=post, version=theirs, content=content_for(house.account, core_text="A"), by=house.approver)
    with pytest.raises(Conflict):
        actions.edit_post(post=post, version=mine, content=content_for(house.account, core_text="B"), by=house.author)
    post.refresh_from_db()
    assert post.core_text == "A"


# ---- Answers --------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_changes_go_back_to_the_author_with_words(house: House) -> None:
    post = submitted(house.author, house.account)
    with pytest.raises(Refused) as refused:
        actions.request_changes(post=post, by=house.approver, remark=" ")
    assert refused.value.field == "remark"
    post = actions.request_changes(post=post, by=house.approver, remark="Name the deadline")
    assert post.state == PostState.CHANGES_REQUESTED
    assert post.submissions.first().remark == "Name the deadline"
    post = edit(post, house.author, content_for(house.account, core_text="Before 30 June"))
    assert post.state == PostState.CHANGES_REQUESTED
    assert actions.submit_post(post=post, by=house.author).state == PostState.IN_REVIEW


def test_a_refused_or_withdrawn_post_is_over(house: House) -> None:
    post = submitted(house.author, house.account)
    actions.reject_post(post=post, by=house.approver, reason="Not ours to say")
    with pytest.raises(Conflict):
        edit(post, house.author, content_for(house.account, core_text="Again"))
    other = actions.withdraw_post(post=draft(house.author, house.account), by=house.author, reason="")
    assert other.state == PostState.WITHDRAWN


def test_every_edge_refuses_every_wrong_state(house: House) -> None:
    post = draft(house.author, house.account)
    for transition in POST_LIFECYCLE.transitions:
        by = house.approver if transition.permission else None
        for state in set(PostState) - set(transition.sources):
            Post.objects.update(state=state, due_at=timezone.now(), wall_time=tomorrow(), zone=ZONE)
            with pytest.raises(Conflict):
                perform(POST_LIFECYCLE, transition.name, post, by=by)


@pytest.mark.slow
@pytest.mark.parametrize("edge", sorted(EDGES - {"expire", "resume", "reopen"}))
@pytest.mark.parametrize("role", ["auditor", "committee_member", "conversation_manager", "administrator"])
def test_roles_without_a_say_over_posts_walk_no_edge(house: House, edge: str, role: str) -> None:
    post = draft(house.author, house.account)
    Post.objects.update(state=POST_LIFECYCLE[edge].sources[0], due_at=timezone.now(), wall_time=tomorrow(), zone=ZONE)
    with pytest.raises(PermissionDenied):
        perform(POST_LIFECYCLE, edge, post, by=person_with(role, house.unit))
    assert AuditEvent.objects.filter(verb=f"post.{edge}").count() == 0


# ---- In words -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("states", "word"),
    thorough_after(
        4,
        [
            (["due", "due"], "Scheduled"),
            (["published", "due"], "Published on 1 of 2"),
            (["published", "published"], "Published"),
            (["published", "failed"], "Could not be sent"),
            (["published", "incomplete"], "Published, but something is missing"),
            (["incomplete", "failed"], "Could not be sent"),
            (["incomplete", "due"], "Published, but something is missing"),
            (["unknown", "failed"], "Uncertain whether it went out"),
            (["cancelled", "cancelled"], "Taken out of sending"),
        ],
        names=2,
    ),
)
def test_progress_is_told_by_the_deliveries(house: House, states: list[str], word: str) -> None:
    second = ConnectedAccountFactory.create(unit=house.unit, languages=["nl"])
    post = scheduled(house.author, house.approver, house.account, second)
    for delivery, state in zip(Delivery.objects.order_by("pk"), states, strict=True):
        lacks = [{"part": "captions", "language": "fr"}] if state == "incomplete" else []
        stands = "published" if lacks else state
        facts = {"remote_id": str(delivery.pk), "published_at": timezone.now()} if stands == "published" else {}
        Delivery.objects.filter(pk=delivery.pk).update(state=stands, lacks=lacks, **facts)
    assert str(progress(post, deliveries_by_post([post])[post.pk]).label) == word


# ---- Whoever wrote a word does not approve it -----------------------------------------------------------------------
def unseen(house: House, image: int) -> dict[str, dict[str, Any]]:
    """What can be written into a draft that no account says yet: nothing of it would be sent."""
    return {
        "title": {"title": "Another title"},
        "text": {"core_text": "Written by somebody else"},
        "language": {"language": "nl"},
        "link": {"link": "https://fin.example/else"},
        "description": {"images": {image: ImageText({"nl": "Een gebouw"})}},
        "decoration": {"images": {image: ImageText(decorative=True)}},
        "media taken": {"images": {image: ImageText(remove=True)}},
        "media added": {"new_images": [new_image({"fr": "Encore"})]},
        "captions": {"new_images": [new_video({"fr": "Un film"})]},
    }


@pytest.mark.parametrize(
    "what",
    thorough_after(
        2,
        [
            "title",
            "text",
            "language",
            "link",
            "description",
            "decoration",
            "media taken",
            "media added",
            "captions",
        ],
    ),
)
def test_whoever_wrote_into_a_draft_without_accounts_does_not_approve_it(house: House, what: str) -> None:
    post = draft(house.author, unit=house.unit, new_images=[new_image({"fr": "Un bâtiment"})])
    content = replace(PostContent.of(post), **unseen(house, post.media.get().pk)[what])

    written = edit(post, house.approver, content)

    assert story(written).first().verb == "post.edited"
    assert set(written.editors.all()) == {house.approver}
    Post.objects.filter(pk=post.pk).update(state=PostState.IN_REVIEW)
    request_for(written)
    assert post in posts_to_approve(person_with("communication_cell", house.unit))
    assert post not in posts_to_approve(house.approver)
    with pytest.raises(PermissionDenied):
        actions.approve_post(post=post, by=house.approver, content_hash=hash_of(post))


def test_a_text_of_an_account_that_does_not_use_it_is_a_word_too(house: House) -> None:
    own = VariantText(house.account, "fr", "Its own text")
    post = submitted(house.author, house.account, variants=[own])
    edited = edit(post, house.approver, replace(PostContent.of(post), core_text="Behind it"))
    assert edited.state == PostState.IN_REVIEW  # what would be sent is the same
    assert set(edited.editors.all()) == {house.approver}


def test_who_only_moves_the_plan_wrote_nothing(house: House) -> None:
    post = submitted(house.author, house.account)
    edited = edit(post, house.approver, replace(PostContent.of(post), timing=Timing(tomorrow(), ZONE)))
    assert not edited.editors.exists()
    assert story(edited).first().verb == "post.planned"


def test_saving_what_stands_there_is_no_edit(house: House) -> None:
    post = submitted(house.author, house.account)
    edited = edit(post, house.approver, PostContent.of(post))
    assert not edited.editors.exists()
    assert story(edited).first().verb == "post.submit"
