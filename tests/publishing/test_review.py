"""Each step of a review: who may take it, what it leaves behind, and that a page from before it is out of date."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from approvals.models import Decision
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from publishing import actions
from publishing.enums import PostState
from publishing.models import Post
from tests.factories.organisation import person_with
from tests.factories.publishing import ZONE, approved, draft, hash_of, submitted, tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


def stored(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


@pytest.mark.longer
def test_each_step_counts_as_a_change(house: House) -> None:
    post = draft(house.author, house.account)
    first = stored(post).version
    actions.submit_post(post=post, by=house.author)
    actions.request_changes(post=post, by=house.approver, remark="Shorter")
    actions.submit_post(post=post, by=house.author)
    actions.approve_post(post=post, by=house.approver, content_hash=hash_of(post))
    assert stored(post).version == first + 4
    other = submitted(house.author, house.account)
    before = stored(other).version
    actions.reject_post(post=other, by=house.approver, reason="Untrue")
    assert stored(other).version == before + 1
    with pytest.raises(Conflict):
        actions.submit_post(post=other, by=house.author, version=before)


@pytest.mark.parametrize("role", ["newcomer", "auditor", "administrator"])
def test_who_may_not_approve_is_refused_before_anything_is_compared(house: House, role: str) -> None:
    """Nor do they learn whether the hash or the remark would do."""
    post, by = submitted(house.author, house.account), person_with(role, house.unit)
    for content_hash in ("0" * 64, hash_of(post)):
        with pytest.raises(PermissionDenied):
            actions.approve_post(post=post, by=by, content_hash=content_hash)
    for remark in (" ", "Shorter"):
        with pytest.raises(PermissionDenied):
            actions.request_changes(post=post, by=by, remark=remark)
        with pytest.raises(PermissionDenied):
            actions.reject_post(post=post, by=by, reason=remark)
    assert (stored(post).state, Decision.objects.count()) == (PostState.IN_REVIEW, 0)


@pytest.mark.parametrize("verb", [actions.request_changes, actions.reject_post], ids=["request changes", "reject"])
def test_to_what_nobody_submitted_no_is_a_conflict_for_whoever_may_say_it(house: House, verb: Any) -> None:
    post, word = draft(house.author, house.account), "remark" if verb is actions.request_changes else "reason"
    with pytest.raises(PermissionDenied):
        verb(post=post, by=house.newcomer, **{word: "No"})
    with pytest.raises(Conflict):
        verb(post=post, by=house.approver, **{word: "No"})
    assert stored(post).state == PostState.DRAFT


def test_a_no_says_why(house: House) -> None:
    post = submitted(house.author, house.account)
    with pytest.raises(Refused, match="Say why") as refused:
        actions.request_changes(post=post, by=house.approver, remark=" ")
    assert refused.value.field == "remark"
    with pytest.raises(Refused, match="Say why") as refused:
        actions.reject_post(post=post, by=house.approver, reason="")
    assert refused.value.field == "reason"
    assert stored(post).state == PostState.IN_REVIEW
    actions.request_changes(post=post, by=house.approver, remark=" Shorter ")
    assert [one.remark for one in stored(post).submissions.all()] == ["Shorter"]


@pytest.mark.longer
def test_only_a_moved_time_is_acknowledged_and_by_its_approver(house: House) -> None:
    post = submitted(house.author, house.account)
    with pytest.raises(Conflict):  # nobody approved it yet
        actions.acknowledge_time(post=post, by=house.approver)
    done = approved(house.author, house.approver, house.account)
    with pytest.raises(Conflict):  # nothing was moved
        actions.acknowledge_time(post=done, by=house.approver)
    done.approvals.update(planned_for="2026-11-20T09:00:00Z")
    with pytest.raises(Conflict):  # somebody else's approval
        actions.acknowledge_time(post=done, by=person_with("communication_cell", house.unit))
    with pytest.raises(PermissionDenied):
        actions.acknowledge_time(post=done, by=house.newcomer)
    actions.acknowledge_time(post=done, by=house.approver)
    assert done.approvals.get().planned_for is None  # as its post, which has no time yet


def test_a_post_whose_approver_still_may_is_not_reopened(house: House) -> None:
    for post in (submitted(house.author, house.account), approved(house.author, house.approver, house.account)):
        before = stored(post).state
        with pytest.raises(Conflict):
            actions.reopen_review(post=post)
        assert stored(post).state == before


def test_a_form_that_does_not_say_what_its_page_showed_is_out_of_date(house: House) -> None:
    """Such a form is no page of ours: neither a yes, nor a no, nor a submission is carried by it."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def at(verb: str, pk: int) -> str:
        return reverse(f"publishing:{verb}", args=[pk])

    post = draft(house.author, house.account)
    assert signed_in(house.author).post(at("submit", post.pk), {}).status_code == 409
    post, browser = submitted(house.author, house.account), signed_in(house.approver)
    for verb in ("request_changes", "reject"):
        assert browser.post(at(verb, post.pk), {"reason": "Name the deadline"}).status_code == 409
    assert browser.post(at("approve", post.pk), {}).status_code == 422
    Post.objects.filter(pk=post.pk).update(wall_time=tomorrow(), zone=ZONE, due_at="2031-05-05T07:00Z")
    assert browser.post(at("approve", post.pk), {"content_hash": hash_of(post)}).status_code == 409
    assert set(Post.objects.values_list("state", flat=True)) == {"draft", "in_review"}
