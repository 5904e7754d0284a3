"""What has become of a post's messages."""

from __future__ import annotations

from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries import deliveries_of
from publishing.models import Post, Variant
from publishing.queries.posts import ORIGIN, valid_approval

UNDER_WAY = (DeliveryState.SENDING, DeliveryState.UNKNOWN)


def deliveries_of_post(post: Post) -> list[Delivery]:
    """Newest first."""
    ids = [variant.pk for variant in post.variants.all()]
    return deliveries_of(ORIGIN, ids)


def is_under_way(post: Post) -> bool:
    return any(delivery.state in UNDER_WAY for delivery in deliveries_of_post(post))


def was_sent_somewhere(post: Post, deliveries: list[Delivery] | None = None) -> bool:
    """True when a network has the post, is getting it, or may have it. `deliveries` are the post's, if read already."""
    told = deliveries_of_post(post) if deliveries is None else deliveries
    return any(delivery.state in (*UNDER_WAY, DeliveryState.PUBLISHED) for delivery in told)


def rest_to_send(post: Post, deliveries: list[Delivery] | None = None) -> list[Variant]:
    """Variants that no network has yet, nor may have. `deliveries` are the post's, newest first, if read already.

    One that was given up while nobody knew may be there: it is sent again under a later approval only.
    """
    if deliveries is None:
        deliveries = deliveries_of_post(post)
    gone = {one.origin_id for one in deliveries if one.state in (*UNDER_WAY, DeliveryState.PUBLISHED)}
    if given_up := [one for one in deliveries if one.was_given_up]:
        approval = valid_approval(post)
        gone |= {
            one.origin_id for one in given_up if approval is None or approval.at <= (one.unknown_at or approval.at)
        }
    return [variant for variant in post.variants.all() if variant.pk not in gone]
