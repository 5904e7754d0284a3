"""Posts on their way that somebody has in hand who leaves."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from organisation import audit, locks
from organisation.audit import action
from organisation.enums import Permission
from organisation.models import Person
from organisation.open_work import HandOver, Thing, WorkKind
from publishing.enums import PostState
from publishing.models import Post

TAKEN_OVER = audit.tell("post.taken_over", _("%(actor)s gave this post to somebody, since its author left"))
ON_THEIR_WAY = (PostState.DRAFT, PostState.IN_REVIEW, PostState.CHANGES_REQUESTED, PostState.APPROVED)


def _posts(person: Person) -> Iterator[Thing]:
    written = Post.objects.filter(author=person, state__in=ON_THEIR_WAY).select_related("unit")
    for one in written:
        yield Thing(one.pk, one.title, one.unit, one.get_absolute_url())


@action
def take_over_post(*, post: int, leaver: Person, to: Person, by: Person, reason: str) -> Post:
    """`to` goes on with it as its author, and so approves it no more than who left, who stays among its editors."""
    locked = locks.take(Post.objects.select_related("unit"), post)
    locked.editors.add(leaver)
    locked.author = to
    locked.save(update_fields=["author"])
    audit.record(verb=TAKEN_OVER, thing=locked, by=by, reason=reason, changes={"author": [leaver.pk, to.pk]})
    return locked


def _take_over(key: int, told: HandOver) -> None:
    take_over_post(post=key, leaver=told.leaver, to=told.to, by=told.by, reason=told.reason)


WORK = WorkKind(
    key="post",
    label=_("Posts that they began"),
    one=_("Post"),
    left=_("Nobody: it stays in the name of who left"),
    takes=Permission.POST_WRITE,
    sees=Permission.POST_VIEW,
    of=_posts,
    hand_over=_take_over,
)
