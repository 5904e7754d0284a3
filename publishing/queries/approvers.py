"""Who may approve a post, and whether who did still may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery

from approvals.enums import RequestState, VoidReason
from approvals.models import Decision, Request
from approvals.queries import answered_for, askable, hands_behind, is_backed, lost_hands, open_request
from approvals.subjects import subject
from delivery.enums import DeliveryState
from delivery.models import Delivery
from organisation.enums import Permission
from organisation.models import Person
from organisation.prepared import Prepared, Slot, numbers
from publishing.enums import PostState
from publishing.models import Post, Variant
from publishing.models.post import SUBJECT
from publishing.queries.posts import ORIGIN, untouched_by


def spoken_for(post: Post) -> list[str]:
    """Paths of the units in whose name it speaks: its own, and those of its accounts."""
    return [post.unit.path, *(variant.account.unit.path for variant in post.variants.all())]


def approvers_of(post: Post, request: Request | None = None) -> QuerySet[Person]:
    """People who may take the step that waits and who neither wrote nor edited it, by name.

    A say over accounts of other units is asked for when they approve.
    """
    return askable(post.unit, subject(SUBJECT), [post.author, *post.editors.all()], request)


def newest_request(post: Post) -> Request | None:
    """What was last put before an approver, whatever became of it."""
    return post.submissions.select_related("unit", "asked__unit").first()


def is_moved(post: Post, approval: Decision) -> bool:
    """True while the post has another time than the one that its approver knows."""
    return approval.planned_for is not None and approval.planned_for != post.due_at


LOST = (VoidReason.APPROVER_LEFT, VoidReason.MOVED)


def asked_again() -> QuerySet[Request, Any]:
    """Ids of posts in review whose last approval stopped counting though the text is the same."""
    newest = Decision.objects.filter(request=OuterRef("pk")).order_by("-pk").values("void_reason")[:1]
    waiting = Request.objects.filter(kind=SUBJECT, state=RequestState.OPEN).annotate(last=Subquery(newest))
    return waiting.filter(last__in=LOST).values("subject_id")


def lost_approval(post: Post) -> Decision | None:
    """The approval that stopped counting, where that is why the post is in review."""
    request = open_request(SUBJECT, post.pk) if post.state == PostState.IN_REVIEW else None
    newest = request.decisions.select_related("by").first() if request else None
    return newest if newest and newest.void_reason in LOST else None


def moved_for(person: Person) -> QuerySet[Post]:
    """Posts that the person approved and that have been given another time since, the soonest first."""
    theirs = answered_for(person, subject(SUBJECT))
    theirs = theirs.filter(request__state=RequestState.CLEARED, planned_for__isnull=False).order_by()
    known = theirs.filter(request__subject_id=OuterRef("pk")).values("planned_for")[:1]
    posts = Post.objects.filter(pk__in=theirs.values("request__subject_id")).select_related("unit", "author")
    posts = untouched_by(posts, person)
    posts = posts.annotate(known_due=Subquery(known))
    return posts.filter(Q(due_at__isnull=True) | ~Q(due_at=F("known_due"))).order_by("due_at", "pk")


def unbacked() -> list[int]:
    """Ids of the posts that have something left to send and whose approver may no longer approve."""
    due = Delivery.objects.filter(origin_kind=ORIGIN, state=DeliveryState.DUE).values("origin_id")
    waiting = Q(state__in=(PostState.APPROVED, PostState.EXPIRED))
    waiting |= Q(state=PostState.SCHEDULED, pk__in=Variant.objects.filter(pk__in=due).values("post"))
    paths = Post.objects.filter(waiting).values_list("pk", "unit__path", "variants__account__unit__path")
    spoken: dict[int, set[str]] = defaultdict(set)
    for post, *units in paths.distinct():
        spoken[post].update(filter(None, units))
    hands = _hands(spoken)
    return sorted(post for post, given in hands.items() if lost_hands(given, spoken[post], Permission.POST_APPROVE))


def backed_variants(variants: Collection[int]) -> set[int]:
    """Of these ids, the variants of posts whose approvers all are active, and still may approve in the post's unit and
    for every account of it.

    Reads the approvers anew. That they wrote nothing of it was made sure of when they approved it.
    """
    spoken: dict[int, set[str]] = defaultdict(set)
    post_of: dict[int, int] = {}
    for variant, post, *units in _paths()(variants=numbers(variants)):
        post_of[variant] = post
        spoken[post].update(units)
    hands = _hands(spoken)
    backed = {post for post, given in hands.items() if is_backed(given, spoken[post], Permission.POST_APPROVE)}
    return {variant for variant, post in post_of.items() if post in backed}


def posts_of(variants: Collection[int]) -> dict[int, int]:
    """The post of each of these variants that is still there, by ids."""
    return {variant: post for variant, post, *_units in _paths()(variants=numbers(variants))}


@cache
def _paths() -> Prepared[Variant, tuple[Any, ...]]:
    asked = Variant.objects.filter(pk__in=Slot("variants", BigIntegerField())).order_by()
    return Prepared(asked.values_list("pk", "post_id", "post__unit__path", "post__variants__account__unit__path"))


def _hands(posts: Iterable[int]) -> dict[int, list[Decision]]:
    """Every yes on which each rests, where there is one; the givers' grants are read once, however much they gave."""
    hands: dict[int, list[Decision]] = defaultdict(list)
    people: dict[int, Person] = {}
    for one in hands_behind(SUBJECT, posts):
        one.by = people.setdefault(one.by_id, one.by)
        hands[one.request.subject_id].append(one)
    Person.read_grants(people.values())
    return hands
