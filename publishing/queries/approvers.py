"""Who may approve a post next, and whether whoever approved it still may."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from delivery.enums import DeliveryState
from delivery.models import Delivery
from organisation.enums import Permission
from organisation.models import Grant, Person
from organisation.queries.authority import hand_of
from organisation.queries.units import reach
from organisation.roles import holding
from publishing.enums import PostState
from publishing.models import Approval, Post, Variant
from publishing.models.review import VoidReason
from publishing.queries.posts import ORIGIN, untouched_by, visible_posts


def approvers_of(post: Post) -> QuerySet[Person]:
    """People whose grant reaches the post's unit and who neither wrote nor edited it, by name.

    A say over accounts of other units is asked for when they approve.
    """
    path, step = post.unit.path, post.unit.steplen
    above = [path[:length] for length in range(step, len(path) + 1, step)]
    grants = Grant.objects.in_force().filter(role__in=holding(Permission.POST_APPROVE), unit__path__in=above)
    wrote = [post.author, *post.editors.all()]
    hands = {hand_of(one) for one in wrote}
    touched = Q(pk__in=[one.pk for one in wrote]) | Q(pk__in=hands) | Q(invited_by__in=hands, vouched_at__isnull=True)
    return Person.objects.filter(is_active=True, pk__in=grants.values("person")).exclude(touched).order_by("name")


def is_moved(post: Post, approval: Approval) -> bool:
    """True while the post has another time than the one that its approver knows."""
    return approval.planned_for is not None and approval.planned_for != post.due_at


def asked_again() -> QuerySet[Approval, Any]:
    """Ids of posts in review whose last approval stopped counting though the text is the same."""
    newest = Approval.objects.filter(post=OuterRef("post")).order_by("-pk").values("pk")[:1]
    lost = Approval.objects.filter(void_reason__in=(VoidReason.APPROVER_LEFT, VoidReason.MOVED), pk=Subquery(newest))
    return lost.filter(post__state=PostState.IN_REVIEW).values("post")


def lost_approval(post: Post) -> Approval | None:
    """The approval that stopped counting, where that is why the post is in review."""
    newest = post.approvals.select_related("by").first() if post.state == PostState.IN_REVIEW else None
    return newest if newest and newest.void_reason in (VoidReason.APPROVER_LEFT, VoidReason.MOVED) else None


def moved_for(person: Person) -> QuerySet[Post]:
    """Posts that the person approved and that have been given another time since, the soonest first."""
    theirs = Approval.objects.filter(by=person, void_at__isnull=True, planned_for__isnull=False)
    moved = theirs.filter(Q(post__due_at__isnull=True) | ~Q(post__due_at=F("planned_for")))
    return untouched_by(visible_posts(person), person).filter(pk__in=moved.values("post")).order_by("due_at", "pk")


def unbacked() -> list[int]:
    """Ids of the posts that have something left to send and whose approver may no longer approve."""
    due = Delivery.objects.filter(origin_kind=ORIGIN, state=DeliveryState.DUE).values("origin_id")
    waiting = Q(post__state__in=(PostState.APPROVED, PostState.EXPIRED))
    waiting |= Q(post__state=PostState.SCHEDULED, post__in=Variant.objects.filter(pk__in=due).values("post"))
    paths = ("post__unit__path", "post__variants__account__unit__path")
    given = Approval.objects.filter(waiting, void_at__isnull=True).values_list("post_id", "by_id", *paths)
    rows = list(given.distinct())
    people = Person.objects.filter(pk__in={by for _post, by, *_paths in rows}, is_active=True)
    held = {person.pk: reach(person, Permission.POST_APPROVE) for person in people}
    return sorted(
        {post for post, by, *asked in rows if not all(_reached(path, held.get(by, [])) for path in asked if path)}
    )


def _reached(path: str, held: list[str]) -> bool:
    return any(path.startswith(one) for one in held)


def still_backed(approval: Approval) -> bool:
    """True while whoever gave it is active, and still may approve in the post's unit and for every account of it.

    Loads the person anew. That they wrote nothing of it was made sure of when they approved it.
    """
    approver = Person.objects.filter(pk=approval.by_id, is_active=True).first()
    if approver is None:
        return False
    accounts = Variant.objects.filter(post=approval.post_id).values_list("account__unit__path", flat=True)
    own = Post.objects.filter(pk=approval.post_id).values_list("unit__path", flat=True)
    paths = reach(approver, Permission.POST_APPROVE)
    return all(_reached(path, paths) for path in own.union(accounts))
