"""Two at once, in two real transactions: whatever the order, nothing unapproved goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from delivery.models import Delivery
from organisation.audit import acting
from organisation.lifecycle import Conflict, Refused
from publishing import actions
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries import valid_approval
from tests.factories.delivery import is_approved
from tests.factories.publishing import content_for, hash_of, scheduled, submitted
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(*works: Callable[[], Any]) -> list[Any]:
    """Starts all at the same moment, each on a connection of its own; what each gave or raised."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[index] = work()
        except Exception as raised:
            results[index] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, work)) for index, work in enumerate(works)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return results


@pytest.mark.parametrize("_round", range(5))
def test_an_edit_beside_an_approval_leaves_no_unapproved_text_approved(house: House, _round: int) -> None:
    post = submitted(house.author, house.account)
    mine, theirs, seen = Post.objects.get(pk=post.pk), Post.objects.get(pk=post.pk), hash_of(post)
    changed = content_for(house.account, core_text="Changed meanwhile")
    meanwhile(
        lambda: actions.approve_post(post=mine, by=house.approver, content_hash=seen),
        lambda: actions.edit_post(post=theirs, version=theirs.version, content=changed, by=house.author),
    )
    post.refresh_from_db()
    approval = valid_approval(post)
    if post.state == PostState.APPROVED:
        assert approval is not None
        assert approval.content_hash == hash_of(post)
    else:
        assert (post.state, approval) == (PostState.DRAFT, None)


def test_two_approvers_one_approval(house: House) -> None:
    post = submitted(house.author, house.account)
    seen = hash_of(post)
    copies = [Post.objects.get(pk=post.pk) for _ in range(2)]
    results = meanwhile(
        *(lambda copy=copy: actions.approve_post(post=copy, by=house.approver, content_hash=seen) for copy in copies)
    )
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    assert post.approvals.count() == 1


@pytest.mark.longer
@pytest.mark.parametrize("_round", range(5))
def test_an_edit_beside_a_claim(house: House, _round: int) -> None:
    """The claim asks under the post's lock, as the sender does: approved means that the edit has not happened."""
    post = scheduled(house.author, house.approver, house.account)
    theirs = Post.objects.get(pk=post.pk)
    changed = content_for(house.account, core_text="Changed meanwhile")

    def claim() -> tuple[bool, str]:
        with acting():
            delivery = Delivery.objects.get(state="due")
            approved = is_approved(delivery)
            return approved, Post.objects.get(pk=post.pk).core_text

    answer, _edited = meanwhile(
        claim, lambda: actions.edit_post(post=theirs, version=theirs.version, content=changed, by=house.author)
    )
    if isinstance(answer, tuple):
        approved, text = answer
        assert approved == (text != "Changed meanwhile")
    else:
        assert isinstance(answer, Delivery.DoesNotExist | Refused)
