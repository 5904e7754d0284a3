"""A route's steps are taken in their order, each by other people, and clear nothing but what all of them read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from approvals.actions.requesting import held
from approvals.enums import APPROVAL_LIFECYCLE, RequestState
from approvals.models import Decision, Request, Route
from approvals.queries import cleared, open_request
from approvals.subjects import Matter
from approvals.tasks import recount_open
from delivery.models import Delivery
from organisation import locks, policy
from organisation.actions import perform
from organisation.audit import acting
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, Person, Unit
from organisation.queries import story
from publishing import actions
from publishing.actions import PostContent, Timing
from publishing.enums import PostState
from publishing.models import Post, Variant
from publishing.queries import posts_to_approve, valid_approvals, waiting_for
from publishing.queries.approvers import backed_variants
from publishing.tasks import reopen_unbacked
from tests.approvals.conftest import Town
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.approvals import request_for, route_for
from tests.factories.delivery import is_approved
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.publishing import ZONE, hash_of, scheduled, submitted, tomorrow

pytestmark = pytest.mark.django_db

OWN, CENTRE = {"place": "own"}, {"place": "centre"}


def approve(post: Post, by: Person) -> Post:
    return actions.approve_post(post=post, by=Person.objects.get(pk=by.pk), content_hash=hash_of(post))


def asked(*people: Person) -> list[bool]:
    """For each of the people, whether any post waits for their approval."""
    return [posts_to_approve(Person.objects.get(pk=one.pk)).exists() for one in people]


def hands() -> list[tuple[str, str]]:
    return [(one.by.name, one.void_reason) for one in Decision.objects.order_by("pk")]


@pytest.fixture
def post(town: Town) -> Post:
    """Its unit asks one of its own first, and then the centre."""
    route_for(town.unit, OWN, CENTRE, by=town.administrator)
    return submitted(town.author, town.account)


@pytest.mark.longer
def test_the_last_step_approves_the_post_and_none_before(town: Town, post: Post) -> None:
    assert asked(town.own, town.peer) == [True, False]
    variants = list(post.variants.values_list("pk", flat=True))
    assert not backed_variants(variants)
    assert approve(post, town.own).state == PostState.IN_REVIEW
    assert valid_approvals(post) == []
    assert story(post)[0].details["step"] == 1
    with pytest.raises(Conflict):
        actions.schedule_post(post=post, by=town.own, timing=Timing(tomorrow(), ZONE))
    assert asked(town.own, town.centre) == [False, True]
    assert [str(one.detail) for one in waiting_for(town.centre)] == ["An asks for your approval"]

    assert approve(post, town.centre).state == PostState.APPROVED
    assert [one.by for one in valid_approvals(post)] == [town.centre, town.own]
    assert backed_variants(variants) == set(variants)
    assert asked(town.own, town.centre) == [False, False]
    actions.schedule_post(post=post, by=town.own, timing=Timing(tomorrow(), ZONE))
    assert is_approved(Delivery.objects.get())


@pytest.mark.longer
def test_a_step_is_taken_by_whom_it_asks_alone(town: Town, post: Post) -> None:
    with pytest.raises(PermissionDenied):
        approve(post, town.peer)
    approve(post, town.own)
    colleague = person_with("communication_cell", town.unit)
    with pytest.raises(PermissionDenied, match="not yours to take"):
        approve(post, colleague)
    for verb, word in ((actions.request_changes, "remark"), (actions.reject_post, "reason")):
        with pytest.raises(PermissionDenied, match="not yours to take"):
            verb(post=post, by=colleague, **{word: "No"})
    assert (stored(post).state, hands()) == (PostState.IN_REVIEW, [("Bram", "")])


def test_a_right_in_the_unit_and_another_role_at_the_centre_take_no_step_of_the_centre(town: Town, post: Post) -> None:
    approve(post, town.own)
    colleague = person_with("communication_cell", town.unit)
    GrantFactory.create(person=colleague, role="auditor", unit=town.root)
    assert asked(colleague) == [False]
    with pytest.raises(PermissionDenied, match="not yours to take"):
        approve(post, colleague)


def stored(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


@pytest.mark.longer
def test_nobody_takes_two_steps_nor_who_counts_as_them(town: Town, post: Post) -> None:
    approve(post, town.centre)  # who may in the whole organisation may in the unit
    assert asked(town.centre) == [False]
    with pytest.raises(PermissionDenied, match="took another step"):
        approve(post, town.centre)
    puppet = person_with("spokesperson", town.root)
    Person.objects.filter(pk=puppet.pk).update(invited_by=town.centre)
    with pytest.raises(PermissionDenied, match="took another step"):
        approve(post, puppet)
    Person.objects.filter(pk=puppet.pk).update(vouched_at=timezone.now())
    assert approve(post, puppet).state == PostState.APPROVED


@pytest.mark.longer
def test_whoever_wrote_takes_no_step(town: Town, post: Post) -> None:
    actions.edit_post(
        post=post, version=post.version, content=replace(PostContent.of(post), title="Roads"), by=town.centre
    )
    approve(post, town.own)
    with pytest.raises(PermissionDenied, match="You wrote or changed this"):
        approve(post, town.centre)


@pytest.mark.longer
def test_a_step_may_ask_for_two_people_and_for_a_role(town: Town) -> None:
    route_for(town.unit, {"place": "own", "hands": 2, "role": "communication_cell"}, by=town.administrator)
    post = submitted(town.author, town.account)
    with pytest.raises(PermissionDenied, match="not yours to take"):
        approve(post, town.centre)  # a spokesperson
    assert asked(town.centre, town.own) == [False, True]
    assert approve(post, town.own).state == PostState.IN_REVIEW
    with pytest.raises(PermissionDenied, match="took another step"):
        approve(post, town.own)
    assert approve(post, person_with("communication_cell", town.unit)).state == PostState.APPROVED


@pytest.mark.parametrize("verb", ["request_changes", "reject"])
def test_a_no_at_any_step_ends_it(town: Town, post: Post, verb: str) -> None:
    approve(post, town.own)
    if verb == "request_changes":
        actions.request_changes(post=post, by=town.centre, remark="Shorter")
    else:
        actions.reject_post(post=post, by=town.centre, reason="Untrue")
    request = Request.objects.get()
    assert request.state == {"request_changes": "changes_requested", "reject": "rejected"}[verb]
    assert stored(post).state == request.state
    assert hands() == [("Bram", "overruled"), ("Dirk", "")]
    if verb == "request_changes":
        actions.submit_post(post=post, by=town.author)
        assert asked(town.own) == [True]  # from the first step on


@pytest.mark.longer
def test_an_edit_voids_the_steps_that_were_taken(town: Town, post: Post) -> None:
    approve(post, town.own)
    read, edited = hash_of(post), stored(post)
    content = replace(PostContent.of(edited), core_text="Changed")
    actions.edit_post(post=edited, version=edited.version, content=content, by=town.author)
    assert (Request.objects.get().state, hands()) == (RequestState.VOID, [("Bram", "edited")])
    with pytest.raises(Conflict):
        actions.approve_post(post=post, by=town.centre, content_hash=read)
    actions.submit_post(post=post, by=town.author)
    assert asked(town.own) == [True]
    with pytest.raises(Conflict):  # of the text before
        actions.approve_post(post=post, by=town.own, content_hash=read)


def test_what_changed_beside_every_action_is_not_what_was_submitted(town: Town, post: Post) -> None:
    read = hash_of(post)
    Variant.objects.update(text="Changed behind our back")
    for seen in (read, hash_of(post)):
        with pytest.raises(Conflict):
            actions.approve_post(post=post, by=town.own, content_hash=seen)
    assert hands() == []


@pytest.mark.longer
def test_a_route_that_is_changed_or_ended_loosens_nothing_under_way(town: Town, post: Post) -> None:
    waiting = open_request("post", post.pk)
    assert waiting is not None
    route_of = waiting.route
    assert route_of is not None
    type(route_of).objects.update(ended_at=timezone.now())
    route_for(town.unit, OWN, by=town.administrator)
    assert approve(post, town.own).state == PostState.IN_REVIEW
    with pytest.raises(PermissionDenied, match="not yours to take"):
        approve(post, person_with("communication_cell", town.unit))
    later = submitted(town.author, town.account)
    assert approve(later, town.own).state == PostState.APPROVED
    assert approve(post, town.centre).state == PostState.APPROVED


# ---- Whoever took a step may no longer ------------------------------------------------------------------------------
def leave(person: Person) -> None:
    Grant.objects.filter(person=person).update(revoked_at=timezone.now())


@pytest.mark.longer
def test_a_step_whose_taker_left_is_asked_for_again_before_the_last(town: Town, post: Post) -> None:
    approve(post, town.own)
    assert recount_open() == 0
    leave(town.own)
    with pytest.raises(Refused, match="asked for again first"):
        approve(post, town.centre)
    assert recount_open() == 1
    assert hands() == [("Bram", "approver_left")]
    colleague = person_with("communication_cell", town.unit)
    assert asked(town.centre, colleague) == [True, True]
    approve(post, colleague)
    assert approve(post, town.centre).state == PostState.APPROVED


@pytest.mark.longer
def test_of_a_cleared_post_the_lost_step_alone_is_asked_for_again(town: Town, post: Post) -> None:
    approve(post, town.own)
    approve(post, town.centre)
    assert reopen_unbacked() == 0
    leave(town.own)
    assert reopen_unbacked() == 1
    assert stored(post).state == PostState.IN_REVIEW
    assert hands() == [("Bram", "approver_left"), ("Dirk", "")]
    colleague = person_with("communication_cell", town.unit)
    with pytest.raises(PermissionDenied, match="took another step"):
        approve(post, town.centre)
    assert approve(post, colleague).state == PostState.APPROVED


@pytest.mark.longer
def test_who_is_no_longer_of_the_centre_does_not_stand_for_it(town: Town, post: Post) -> None:
    approve(post, town.own)
    approve(post, town.centre)
    GrantFactory.create(person=town.centre, role="spokesperson", unit=town.unit)
    Grant.objects.filter(person=town.centre, unit=town.root).update(revoked_at=timezone.now())
    assert reopen_unbacked() == 1


# ---- Together the hands speak for every account ---------------------------------------------------------------------
@pytest.mark.longer
def test_another_units_step_needs_no_say_over_the_account_when_an_earlier_one_had_it(town: Town) -> None:
    route_for(town.unit, OWN, {"place": "peer", "unit": town.other}, by=town.administrator)
    post, third = submitted(town.author, town.account), person_with("communication_cell", town.third)

    def may(*people: Person) -> list[bool]:
        return [policy.allows(one, Permission.POST_APPROVE, stored(post)) for one in people]

    assert (asked(town.peer), may(town.peer)) == ([False], [False])
    approve(post, town.own)
    assert (asked(town.peer, third), may(town.peer, third)) == ([True, False], [True, False])
    assert approve(post, town.peer).state == PostState.APPROVED
    assert (asked(town.peer), may(town.peer)) == ([False], [False])


def test_another_units_step_alone_speaks_for_no_account(town: Town) -> None:
    route_for(town.unit, {"place": "peer", "unit": town.other}, by=town.administrator)
    post = submitted(town.author, town.account)
    with pytest.raises(Refused, match="no say over"):
        approve(post, town.peer)
    assert (stored(post).state, hands()) == (PostState.IN_REVIEW, [])


@pytest.mark.longer
def test_who_only_reads_in_the_unit_of_the_account_speaks_for_it_no_more_than_others(town: Town) -> None:
    route_for(town.unit, *({"place": "peer", "unit": unit} for unit in (town.other, town.third)), by=town.administrator)
    post = submitted(town.author, town.account)
    GrantFactory.create(person=town.peer, role="auditor", unit=town.unit)
    assert approve(post, town.peer).state == PostState.IN_REVIEW
    with pytest.raises(Refused, match="no say over"):
        approve(post, person_with("communication_cell", town.third))


def test_nothing_clears_a_request_of_which_a_step_is_missing(town: Town, post: Post) -> None:
    approve(post, town.own)
    with pytest.raises(Refused, match="not taken yet"):
        perform(APPROVAL_LIFECYCLE, "clear", Request.objects.get(), by=None)


@pytest.mark.longer
def test_cleared_is_one_hash_of_one_subject(town: Town, post: Post) -> None:
    matter = Matter("post", post.pk, hash_of(post))
    approve(post, town.own)
    assert not cleared([matter])
    approve(post, town.centre)
    assert cleared([matter])
    others = (replace(matter, kind="answer"), replace(matter, subject_id=0), replace(matter, content_hash="0" * 64))
    assert not any(cleared([one]) for one in others)
    assert cleared([replace(others[2], on_own_word=True)])


def test_only_a_subject_that_the_act_holds_under_lock_is_decided_about(town: Town, post: Post) -> None:
    with acting():
        for thing in (stored(post), locks.take(Unit.objects, town.unit.pk)):
            with pytest.raises(RuntimeError, match="no subject of approval, or is not held"):
                held(thing)
        assert held(locks.take(Post.objects, post.pk)).kind == "post"


# ---- What the database holds ----------------------------------------------------------------------------------------
def test_one_standing_request_for_a_content_and_one_word_of_a_person(town: Town, post: Post) -> None:
    with pytest.raises(IntegrityError, match="one_standing_request_per_content"), transaction.atomic():
        request_for(post)
    approve(post, town.own)
    with pytest.raises(IntegrityError, match="one_decision_per_person"), transaction.atomic():
        Decision.objects.create(request=Request.objects.get(), outcome="approved", by=town.own)


def test_without_a_route_one_colleague_is_enough(town: Town) -> None:
    post = scheduled(town.author, town.own, town.account)
    assert (Request.objects.get().route, post.state) == (None, PostState.SCHEDULED)


# ---- Written in one unit, sent in the name of another ---------------------------------------------------------------
def steps_asked(post: Post) -> list[tuple[str, str, str, int]]:
    route = Request.objects.get(subject_id=post.pk).route
    assert route is not None
    asked = route.steps.select_related("unit")
    return [(one.place, one.unit.slug if one.unit else "", one.role, one.hands) for one in asked]


@pytest.mark.longer
@pytest.mark.parametrize("where", ["root", "other", "below"])
def test_what_an_accounts_unit_asks_for_is_asked_wherever_a_post_is_written(town: Town, where: str) -> None:
    """Whoever writes chooses the unit: they must not choose the steps along with it."""
    below = UnitFactory.create(parent=town.unit, slug="tunnels")
    unit = {"root": town.root, "other": town.other, "below": below}[where]
    route_for(town.unit, {"place": "own", "hands": 2}, CENTRE, by=town.administrator)
    if where == "below":
        route_for(below, OWN, by=town.administrator)  # looser, of its own
    author, colleague = (person_with("communication_cell", town.root) for _ in range(2))
    post = submitted(author, town.account, unit=unit)
    own, theirs, centre = ("own", "", "", 1), ("peer", "roads", "", 2), ("centre", "", "", 1)
    assert steps_asked(post) == {"root": [theirs, own]}.get(where, [own, theirs, centre])
    hands = [town.own, person_with("communication_cell", town.unit), town.centre]
    if where != "root":
        assert asked(town.own) == [where == "below"]  # below their unit they are asked as its own
        hands = [colleague, *hands]
    for hand in hands:
        assert stored(post).state == PostState.IN_REVIEW
        assert asked(hand) == [True]
        approve(post, hand)
    assert stored(post).state == PostState.APPROVED
    in_force = Route.objects.filter(ended_at__isnull=True).values_list("unit__slug", flat=True)
    assert set(in_force) == {"roads", *(["tunnels"] if where == "below" else [])}, "made for this post alone"


@pytest.mark.longer
def test_a_route_that_units_share_asks_for_the_people_of_each_and_once_for_what_is_above_another(town: Town) -> None:
    """Else whoever writes below, or beside, would choose whose colleagues count as the account's own."""
    route_for(town.root, {"place": "own", "hands": 2}, CENTRE, by=town.administrator)
    author = person_with("communication_cell", town.root)
    below = UnitFactory.create(parent=town.unit, slug="tunnels")
    centre, theirs = ("centre", "", "", 1), ("peer", "roads", "", 2)
    assert steps_asked(submitted(author, town.account, unit=town.unit)) == [("own", "", "", 2), centre]
    assert steps_asked(submitted(author, town.account, unit=below)) == [theirs, centre]
    assert steps_asked(submitted(author, town.account, unit=town.other)) == [("own", "", "", 2), theirs, centre]
    both = ConnectedAccountFactory.create(unit=below, languages=["fr"])
    assert steps_asked(submitted(author, town.account, both, unit=town.unit)) == [("own", "", "", 2), centre]
    assert steps_asked(submitted(author, town.account, unit=town.root)) == [("own", "", "", 2), centre]


@pytest.mark.longer
def test_steps_of_one_route_are_added_up_where_they_ask_for_the_same_people(town: Town) -> None:
    route_for(town.unit, {"place": "own", "hands": 3}, {"place": "own", "hands": 4}, CENTRE, by=town.administrator)
    route_for(town.other, CENTRE, {"place": "peer", "unit": town.unit, "hands": 2}, by=town.administrator)
    post = submitted(person_with("communication_cell", town.root), town.account, unit=town.other)
    theirs = [("peer", "roads", "", 5), ("peer", "roads", "", 2)]
    assert steps_asked(post) == [*theirs, ("centre", "", "", 1)]
    route_for(town.root, OWN, CENTRE, by=town.administrator)
    post = submitted(person_with("communication_cell", town.root), town.account, unit=town.root)
    assert steps_asked(post) == [*theirs, ("own", "", "", 2)], "the centre is the unit itself there"
