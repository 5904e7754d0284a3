"""The list of posts, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from delivery.models import Delivery
from organisation.queries import Keyset, KeysFirst, Page, Parts
from publishing.models import Post, Variant
from publishing.queries.posts import deliveries_by_post
from publishing.queries.progress import Progress, progress

_LATEST_CHANGE_FIRST = Keyset("changed_at", size=30)


@dataclass(frozen=True)
class Row:
    post: Post
    progress: Progress
    deliveries: list[Delivery]


def page_of(posts: QuerySet[Post], cursor: str = "", *, parts: Parts | KeysFirst) -> Page[Post]:
    """The page at `cursor` of the posts of these `parts`, with the accounts of each at hand."""
    variants = Variant.objects.select_related("account").order_by("account_id", "language")
    return _LATEST_CHANGE_FIRST.page(posts.prefetch_related(Prefetch("variants", variants)), cursor, parts=parts)


def rows_of(posts: list[Post]) -> list[Row]:
    """Where each of `posts` stands; they come with their variants prefetched."""
    deliveries = deliveries_by_post(posts)
    return [Row(post, progress(post, deliveries.get(post.pk, [])), deliveries.get(post.pk, [])) for post in posts]
