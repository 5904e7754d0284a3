"""Publishing's word to the machinery that sends: is this still the approved text, and what has become of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from approvals.actions import know_time
from approvals.subjects import Matter
from delivery.enums import DeliveryState, Trouble
from delivery.origins import MessageKind, Permissions
from organisation import audit
from organisation.actions import perform
from organisation.enums import Permission as P
from publishing.actions.locking import lock
from publishing.actions.review import reopen_review
from publishing.enums import POST_LIFECYCLE, PostState
from publishing.models import Post, Variant
from publishing.models.post import SUBJECT
from publishing.queries import ORIGIN, snapshot_of
from publishing.queries.approvers import still_backed
from publishing.schedule import known_zone

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

    def matter(self, delivery: Any) -> Matter | None:
        """The whole post, of which the delivery is exactly one variant."""
        variant = _variant(delivery)
        if variant is None:
            return None
        post = lock(variant.post)
        snapshot = snapshot_of(post)
        is_its_own = (
            post.state == PostState.SCHEDULED
            and variant.account_id == delivery.account_id  # another of the post's accounts may say the same
            and snapshot.hash_of(delivery.account_id, variant.language) == delivery.content_hash
        )
        return Matter(SUBJECT, post.pk, snapshot.hash) if is_its_own else None

    def still_backed(self, delivery: Any) -> bool:
        variant = _variant(delivery)
        return variant is not None and still_backed(variant.post)

    def title(self, delivery: Any) -> str:
        variant = _variant(delivery)
        return variant.post.title if variant else ""

    def url(self, delivery: Any) -> str:
        variant = _variant(delivery)
        return variant.post.get_absolute_url() if variant else ""

    def settled(self, delivery: Any) -> None:
        """A message that was too late stops its post until somebody confirms; one that is due again resumes it.

        One whose approver may no longer approve puts its post back before another.
        """
        variant = _variant(delivery)
        unbacked = delivery.state == DeliveryState.FAILED and delivery.problem_code == Trouble.BACKING_LOST
        if variant is None or not (unbacked or delivery.state in (DeliveryState.EXPIRED, DeliveryState.DUE)):
            return
        post = lock(variant.post)
        if unbacked:
            reopen_review(post=post)
            return
        if delivery.state == DeliveryState.EXPIRED and post.state == PostState.SCHEDULED:
            perform(POST_LIFECYCLE, "expire", post, by=None)
        elif delivery.state == DeliveryState.DUE and post.state == PostState.EXPIRED:
            perform(POST_LIFECYCLE, "resume", post, by=None, changes=_time(post, delivery.due_at))
        if delivery.state == DeliveryState.DUE:
            know_time(thing=post, due_at=post.due_at, by=delivery.scheduled_by)


def _time(post: Post, due_at: datetime) -> dict[str, Any]:
    local = due_at.astimezone(known_zone(post.zone))
    return {"due_at": due_at, "wall_time": local.replace(tzinfo=None, fold=0), "fold": local.fold}


def _variant(delivery: Any) -> Variant | None:
    return Variant.objects.select_related("post").filter(pk=delivery.origin_id).first()
