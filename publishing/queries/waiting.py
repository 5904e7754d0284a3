"""Which posts wait for a person."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within
from organisation.queries.waiting import Text, Waiting
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries.approvers import asked_again, moved_for
from publishing.queries.posts import asked_posts, untouched_by, visible_posts

MOST = 50


def posts_to_approve(person: Person) -> QuerySet[Post]:
    """What the person may approve, the soonest first; never what they wrote or edited."""
    return untouched_by(asked_posts(person), person).order_by("due_at", "pk")


def waiting_for(person: Person) -> list[Waiting]:
    """To approve, to rewrite, to confirm again, to schedule, moved: a query each, whatever waits."""
    schedulable = visible_posts(person).filter(within(person, Permission.POST_SCHEDULE))
    return [
        *_waiting_posts(
            posts_to_approve(person).exclude(pk__in=asked_again()),
            _("%(author)s asks for your approval"),
            _("Approve this text"),
            weight=2,
        ),
        *_waiting_posts(
            posts_to_approve(person).filter(pk__in=asked_again()),
            _("It was approved, but needs approval again: see why"),
            _("Approve this text"),
            weight=3,
        ),
        *_waiting_posts(moved_for(person), _("You approved it for another time"), _("See the new time"), weight=2),
        *_waiting_posts(
            visible_posts(person).filter(author=person, state=PostState.CHANGES_REQUESTED),
            _("A colleague asks for changes"),
            _("Change the text"),
            weight=1,
        ),
        *_waiting_posts(
            schedulable.filter(state=PostState.EXPIRED),
            _("Too late to go out by itself: confirm it, or call it off"),
            _("Choose a new time"),
            weight=3,
        ),
        *_waiting_posts(
            schedulable.filter(state=PostState.APPROVED), _("Approved, not scheduled yet"), _("Schedule it"), weight=1
        ),
    ]


def _waiting_posts(posts: QuerySet[Post], detail: Text, act: Text, *, weight: int) -> list[Waiting]:
    return [
        Waiting(
            title=post.title,
            detail=str(detail) % {"author": post.author.name},
            url=post.get_absolute_url(),
            act=act,
            due_at=None if _has_gone(post) else post.due_at,
            weight=weight,
        )
        for post in posts[:MOST]
    ]


def _has_gone(post: Post) -> bool:
    """Its time has come: whoever looks at it now is late for nothing."""
    return post.state == PostState.SCHEDULED and post.due_at is not None and post.due_at <= timezone.now()


def coming_for(person: Person) -> list[Waiting]:
    """The next posts that go out in the person's own unit and below."""
    posts = visible_posts(person).filter(
        unit__path__startswith=person.unit.path, state=PostState.SCHEDULED, due_at__gt=Now()
    )
    return _waiting_posts(posts.order_by("due_at"), _("Goes out"), _("Look at it"), weight=0)
