"""Why Parvis itself took something out of the line: each reader has it in their own language, whoever's act it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import translation

from delivery.models import Delivery
from organisation.models import AuditEvent, Person
from publishing import actions
from publishing.actions import PostContent, Timing
from publishing.models import Post
from tests.factories.publishing import ZONE, scheduled, tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db

Act = Callable[[Post, Person], object]


def edited(post: Post, by: Person) -> object:
    content = replace(PostContent.of(post), core_text="Changed")
    return actions.edit_post(post=post, version=post.version, content=content, by=by)


ACTS: dict[str, tuple[Act, str, str]] = {
    "moved": (
        lambda post, by: actions.reschedule_post(post=post, by=by, timing=Timing(tomorrow(15), ZONE)),
        "It was moved to another time.",
        "Il a été déplacé à un autre moment.",
    ),
    "off the calendar": (
        lambda post, by: actions.unschedule_post(post=post, by=by),
        "It was taken off the calendar.",
        "Il a été retiré du calendrier.",
    ),
    "called off": (
        lambda post, by: actions.withdraw_post(post=post, by=by, reason=""),
        "All of it was withdrawn.",
        "Tout a été retiré.",
    ),
    "edited": (edited, "It was changed after its approval.", "Il a été modifié après son approbation."),
}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_reason_is_told_in_the_language_of_whoever_reads_it(house: House, name: str) -> None:
    act, english, french = ACTS[name]
    post = scheduled(house.author, house.approver, house.account)
    taken = Delivery.objects.get()
    with translation.override("nl"):
        act(post, house.approver)
    taken.refresh_from_db()
    event = AuditEvent.objects.get(verb__in=("delivery.withdraw", "delivery.void"))
    for language, sentence in (("en", english), ("fr", french)):
        with translation.override(language):
            assert (taken.problem, event.reason) == (sentence, sentence)
    assert taken.problem_detail == ""


@pytest.mark.longer
def test_why_an_approval_counts_no_longer_is_no_code(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    actions.withdraw_post(post=post, by=house.approver, reason="Faux")
    assert AuditEvent.objects.get(verb="approval.void").reason == "It was withdrawn."
    assert AuditEvent.objects.get(verb="post.call_off").reason == "Faux", "as a person wrote it"
