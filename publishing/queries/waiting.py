"""Which posts wait for a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import for_each_reader, within
from organisation.queries.waiting import FirstOf, Text, Waiting
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries.approvers import asked_again, moved_for
from publishing.queries.posts import asked_posts, untouched_by, visible_posts

MOST = 10


def posts_to_approve(person: Person) -> QuerySet[Post]:
    """What the person may approve, the soonest first; never what they wrote or edited."""
    return untouched_by(asked_posts(person), person).order_by("due_at", "pk")


def _schedulable(person: Person, state: PostState) -> QuerySet[Post]:
    return visible_posts(person).filter(within(person, Permission.POST_SCHEDULE), state=state)


_asked_first = FirstOf(lambda person: posts_to_approve(person).exclude(pk__in=asked_again()), most=MOST)
_asked_again = FirstOf(lambda person: posts_to_approve(person).filter(pk__in=asked_again()), most=MOST)
_moved = FirstOf(moved_for, most=MOST)
_to_change = FirstOf(
    lambda person: visible_posts(person).filter(author=person, state=PostState.CHANGES_REQUESTED), most=MOST
)
_expired = FirstOf(lambda person: _schedulable(person, PostState.EXPIRED), most=MOST)
_approved = FirstOf(lambda person: _schedulable(person, PostState.APPROVED), most=MOST)


def waiting_for(person: Person) -> list[Waiting]:
    """To approve, to rewrite, to confirm again, to schedule, moved: a query each, whatever waits."""
    approvals, posts = reverse("publishing:approvals"), reverse("publishing:post_list")
    kinds = [
        (
            _asked_first,
            _Words(_("%(author)s asks for your approval"), _("Approve this text"), approvals, weight=2),
        ),
        (
            _asked_again,
            _Words(
                _("It was approved, but needs approval again: see why"), _("Approve this text"), approvals, weight=3
            ),
        ),
        (
            _moved,
            _Words(_("You approved it for another time"), _("See the new time"), posts, weight=2),
        ),
        (
            _to_change,
            _Words(
                _("A colleague asks for changes"), _("Change the text"), f"{posts}?state=changes_requested", weight=1
            ),
        ),
        (
            _expired,
            _Words(
                _("Too late to go out by itself: confirm it, or call it off"),
                _("Choose a new time"),
                f"{posts}?state=expired",
                weight=3,
            ),
        ),
        (
            _approved,
            _Words(_("Approved, not scheduled yet"), _("Schedule it"), f"{posts}?state=approved", weight=1),
        ),
    ]
    return [line for rows, words in kinds for line in rows.lines(person, words.of, words.of_others)]


@dataclass(frozen=True)
class _Words:
    """How the posts of one kind are told of; `url` is where all of them stand."""

    detail: Text
    act: Text
    url: str
    weight: int

    def of(self, post: Post) -> Waiting:
        return Waiting(
            title=post.title,
            detail=str(self.detail) % {"author": post.author.name},
            url=post.get_absolute_url(),
            act=self.act,
            due_at=None if _has_gone(post) else post.due_at,
            weight=self.weight,
        )

    def of_others(self, count: int) -> Waiting:
        title = ngettext("%(n)s more post", "%(n)s more posts", count) % {"n": count}
        detail = str(self.detail) % {"author": _("A colleague")}
        return Waiting(title=title, detail=detail, url=self.url, act=_("See all of them"), weight=self.weight)


def _has_gone(post: Post) -> bool:
    """Its time has come: whoever looks at it now is late for nothing."""
    return post.state == PostState.SCHEDULED and post.due_at is not None and post.due_at <= timezone.now()


def coming_for(person: Person) -> list[Waiting]:
    """The next posts that go out in the person's own unit and below."""
    words = _Words(_("Goes out"), _("Look at it"), reverse("publishing:calendar"), weight=0)
    return [words.of(post) for post in _coming(person)]


@for_each_reader
def _coming(person: Person) -> QuerySet[Post, Post]:
    own = Subquery(Unit.objects.filter(pk=person.unit_id).values("path"))  # as it is now: a unit may be moved
    posts = visible_posts(person).filter(unit__path__startswith=own, state=PostState.SCHEDULED, due_at__gt=Now())
    return posts.order_by("due_at", "pk")[:MOST]
