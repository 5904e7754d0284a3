"""What a person writes into a post: by whom, for which accounts, and what of it is refused, kept or left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisation.lifecycle import Refused
from organisation.queries import story
from publishing import actions
from publishing.actions import PostContent, Timing, VariantText
from publishing.enums import PostState
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.publishing import ZONE, content_for, draft, scheduled, tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


def edit(post: Post, by: Any, **facts: Any) -> Post:
    content = replace(PostContent.of(post), **facts)
    return actions.edit_post(post=post, version=post.version, content=content, by=by)


def test_who_only_reads_posts_writes_none(house: House) -> None:
    post = draft(house.author, house.account)
    with pytest.raises(PermissionDenied):
        draft(house.auditor, house.account)
    with pytest.raises(PermissionDenied):
        edit(post, house.auditor, core_text="Changed")
    assert Post.objects.get().core_text == post.core_text


def test_each_edit_counts_and_touches_no_other_post(house: House) -> None:
    other = draft(house.author, house.account, variants=[VariantText(house.account, "fr", "Its own")])
    post = draft(house.author, house.account)
    before = post.version
    edited = edit(post, house.author, variants=[VariantText(house.account, "nl", "Tekst")])
    assert edited.version == before + 1
    assert [one.text for one in edited.variants.all()] == ["Tekst"]
    assert [one.text for one in Post.objects.get(pk=other.pk).variants.all()] == ["Its own"]


@pytest.mark.longer
def test_a_time_is_planned_moved_and_taken_away_but_not_under_what_is_scheduled(house: House) -> None:
    post = edit(draft(house.author, house.account), house.author, timing=Timing(tomorrow(), ZONE))
    assert post.wall_time == tomorrow()
    assert edit(post, house.author, timing=Timing(None, ZONE)).due_at is None
    post = scheduled(house.author, house.approver, house.account)
    due = post.due_at
    Post.objects.filter(pk=post.pk).update(state=PostState.EXPIRED)
    for state in (PostState.EXPIRED, PostState.SCHEDULED):
        Post.objects.filter(pk=post.pk).update(state=state)
        post = edit(Post.objects.get(pk=post.pk), house.author, timing=Timing(tomorrow(11), ZONE))
        assert (post.due_at, post.state) == (due, state)


def test_that_a_post_is_out_of_plan_is_told_without_a_word_written(house: House) -> None:
    post = edit(draft(house.author, house.account), house.approver, ad_hoc=True)
    assert story(post)[0].verb == "post.planned"
    assert not post.editors.exists()


def test_whose_account_stands_there_already_is_no_question_for_who_writes_the_text(house: House) -> None:
    beside = ConnectedAccountFactory.create(unit=UnitFactory.create(), languages=["fr"])
    GrantFactory.create(person=house.author, role="communication_cell", unit=beside.unit)
    author = type(house.author).objects.get(pk=house.author.pk)
    post = draft(author, house.account, beside, unit=house.unit)
    assert edit(post, house.approver, core_text="Shorter").core_text == "Shorter"


def test_who_only_sees_an_account_does_not_write_for_it(house: House) -> None:
    beside = ConnectedAccountFactory.create(unit=UnitFactory.create(), languages=["fr"])
    reader = person_with("communication_cell", house.unit)
    GrantFactory.create(person=reader, role="auditor", unit=beside.unit)
    with pytest.raises(Refused, match="do not write for"):
        draft(reader, beside, unit=house.unit)


@pytest.mark.parametrize(
    ("link", "twice", "words"), [("javascript:alert(1)", 1, "not a web address"), ("", 2, "stands twice")]
)
def test_what_no_later_check_could_mend_is_refused(house: House, link: str, twice: int, words: str) -> None:
    variants = [VariantText(house.account, "fr", "Bonjour", link)] * twice
    with pytest.raises(Refused, match=words):
        actions.create_post(unit=house.unit, content=content_for(variants=variants), by=house.author)
    with pytest.raises(ValidationError, match="title"):
        draft(house.author, house.account, title="")
    assert not Post.objects.exists()
