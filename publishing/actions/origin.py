"""Publishing's word to the machinery that sends: is this still the approved text, and what has become of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from approvals.actions import know_time
from approvals.subjects import Matter
from delivery.enums import DeliveryState, Trouble
from delivery.origins import MessageKind, Permissions
from networks.port import Connector
from organisation import audit
from organisation.actions import perform
from organisation.enums import Permission as P
from organisation.wall_clock import known_zone
from publishing.actions.locking import lock, lock_all, touch
from publishing.actions.review import reopen_review
from publishing.actions.writing import PLANNED
from publishing.enums import POST_LIFECYCLE, PostState
from publishing.models import Post, Variant
from publishing.models.post import SUBJECT
from publishing.queries import ORIGIN, posts_in_sight, snapshot_of
from publishing.queries.approvers import backed_variants, posts_of

# What these edges were called while each kind of message had its own: the trail still tells them.
audit.tell("delivery.withdraw_post", _("%(actor)s withdrew this"))
audit.tell("delivery.reconfirm_post", _("%(actor)s gave this a new time"))


class VariantOrigin:
    """Speaks for the deliveries of posts. `delivery.origin_id` is a variant, which an edit may have taken away."""

    kind = MessageKind(
        key=ORIGIN,
        label=_("Post"),
        page_label=_("See the post"),
        page_icon="card-text",
        permissions=Permissions(
            see=P.POST_VIEW, schedule=P.POST_SCHEDULE, withdraw=P.POST_SCHEDULE, reconfirm=P.POST_SCHEDULE
        ),
        spends=Spent.POST,
    )

    def matters(self, deliveries: Sequence[Any]) -> Mapping[int, Matter]:
        """The whole post of each, of which the delivery is exactly one variant."""
        post_of = posts_of([one.origin_id for one in deliveries])
        posts = {post.pk: post for post in lock_all(set(post_of.values()))}
        found = {one.pk: _matter(one, posts.get(post_of.get(one.origin_id, 0))) for one in deliveries}
        return {pk: matter for pk, matter in found.items() if matter is not None}

    def lapsed(self, delivery: Any) -> str:
        return Trouble.NOT_APPROVED

    def backed(self, deliveries: Sequence[Any]) -> Collection[int]:
        backed = backed_variants([one.origin_id for one in deliveries])
        return [one.pk for one in deliveries if one.origin_id in backed]

    def title(self, delivery: Any) -> str:
        variant = _variant(delivery)
        return variant.post.title if variant else ""

    def url(self, delivery: Any, reader: Any) -> str:
        return self.named([delivery], reader).get(delivery.pk, ("", ""))[1]

    def named(self, deliveries: Sequence[Any], reader: Any) -> Mapping[int, tuple[str, str]]:
        post_of = posts_of([one.origin_id for one in deliveries])
        seen = {post.pk: post for post in posts_in_sight(reader).filter(pk__in=set(post_of.values()))}
        found = {one.pk: seen.get(post_of.get(one.origin_id, 0)) for one in deliveries}
        return {pk: (post.title, post.get_absolute_url()) for pk, post in found.items() if post is not None}

    def look(self, delivery: Any, connector: Connector) -> None:
        """No post answers anything."""

    def settled(self, delivery: Any) -> None:
        """A message that was too late stops its post until somebody confirms; one that is due again resumes it.

        One whose approver may no longer approve puts its post back before another.
        """
        unbacked = delivery.state == DeliveryState.FAILED and delivery.problem_code == Trouble.BACKING_LOST
        if not (unbacked or delivery.state in (DeliveryState.EXPIRED, DeliveryState.DUE)):
            return
        variant = _variant(delivery)
        if variant is None:
            return
        post = lock(variant.post)
        if unbacked:
            reopen_review(post=post)
            return
        if delivery.state == DeliveryState.EXPIRED and post.state == PostState.SCHEDULED:
            perform(POST_LIFECYCLE, "expire", post, by=None)
        elif delivery.state == DeliveryState.DUE and post.state == PostState.EXPIRED:
            perform(POST_LIFECYCLE, "resume", post, by=None, changes=_time(post, delivery.due_at))
        elif _has_new_time(delivery, post):
            before, columns = post.due_at, _time(post, delivery.due_at)
            Post.objects.filter(pk=post.pk).update(**columns)
            vars(post).update(columns)
            audit.record(verb=PLANNED, thing=post, by=delivery.scheduled_by, due_before=before, due_after=post.due_at)
            touch(post)
        if delivery.state == DeliveryState.DUE:
            know_time(thing=post, due_at=post.due_at, by=delivery.scheduled_by)


def _matter(delivery: Any, post: Post | None) -> Matter | None:
    """Where the variant that it is stands in `post` (locked) as it was approved; another of the post's accounts may say
    the same."""
    if post is None or post.state != PostState.SCHEDULED:
        return None
    variant = next((one for one in post.variants.all() if one.pk == delivery.origin_id), None)
    if variant is None or variant.account_id != delivery.account_id:
        return None
    snapshot = snapshot_of(post)
    is_its_own = snapshot.hash_of(delivery.account_id, variant.language) == delivery.content_hash
    return Matter(SUBJECT, post.pk, snapshot.hash) if is_its_own else None


def _has_new_time(delivery: Any, post: Post) -> bool:
    """Whether somebody gave it another time than its post has; one that is due again by itself was begun before."""
    is_new = delivery.state == DeliveryState.DUE and delivery.first_attempt_at is None
    return is_new and post.state == PostState.SCHEDULED and delivery.due_at != post.due_at


def _time(post: Post, due_at: datetime) -> dict[str, Any]:
    local = due_at.astimezone(known_zone(post.zone))
    return {"due_at": due_at, "wall_time": local.replace(tzinfo=None, fold=0), "fold": local.fold}


def _variant(delivery: Any) -> Variant | None:
    return Variant.objects.select_related("post").filter(pk=delivery.origin_id).first()
