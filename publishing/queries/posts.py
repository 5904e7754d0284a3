"""Which posts a person sees, and a post with all that belongs to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from accounts_registry.enums import AccountState
from accounts_registry.models import Account
from accounts_registry.queries import visible_accounts
from approvals.models import Decision
from approvals.queries import answered_for, asking, hands_behind
from approvals.subjects import subject
from delivery.models import Delivery
from delivery.queries import deliveries_of
from networks.catalogue import NETWORKS
from networks.kinds import Capabilities
from organisation.enums import Permission
from organisation.models import Person
from organisation.prepared import Slot
from organisation.queries import for_each_reader, units_where, within
from publishing.enums import PostState
from publishing.models import Media, Post, Variant
from publishing.models.post import SUBJECT

ORIGIN = "post_variant"


def visible_posts(person: Person) -> QuerySet[Post]:
    """Posts of the units whose calendar the person sees. All else does not exist for them."""
    return Post.objects.filter(within(person, Permission.POST_VIEW)).select_related("unit", "author")


def asked_posts(person: Person) -> QuerySet[Post]:
    """Posts in review whose waiting step the person may take, of other units too where a route asks theirs."""
    asked = asking(person, subject(SUBJECT)).values("subject_id")
    return Post.objects.filter(pk__in=asked, state=PostState.IN_REVIEW).select_related("unit", "author")


def posts_in_sight(person: Person) -> QuerySet[Post]:
    """What the person sees when led to it: `visible_posts`, what they are asked to approve, and what rests on their
    yes, of other units too."""
    seen = within(person, Permission.POST_VIEW) | Q(pk__in=_asked_of(person)) | Q(pk__in=_resting_on(person))
    return Post.objects.filter(seen).select_related("unit", "author")


def _asked_of(person: Person) -> QuerySet[Post, Any]:
    return asked_posts(person).order_by().values("pk")


def _resting_on(person: Person) -> QuerySet[Decision, Any]:
    return answered_for(person, subject(SUBJECT)).order_by().values("request__subject_id")


def whole(posts: QuerySet[Post]) -> QuerySet[Post]:
    """With variants, their accounts, images, videos and captions: a fixed number of queries, however many posts."""
    return posts.prefetch_related(*_parts())


def _parts() -> list[Prefetch[Any]]:
    return [
        Prefetch("variants", Variant.objects.select_related("account__unit").order_by("account_id", "language")),
        Prefetch("media", Media.objects.prefetch_related("captions")),
    ]


def visible_media(person: Person) -> QuerySet[Media]:
    """Images and videos of the posts that the person sees when led to them."""
    led = Q(post__in=_asked_of(person)) | Q(post__in=_resting_on(person))
    return Media.objects.filter(within(person, Permission.POST_VIEW, field="post__unit") | led)


def post_to_show(person: Person, pk: int) -> Post | None:
    """One post with all that belongs to it; None when it is out of sight."""
    found = _in_sight(person, pk=pk)
    prefetch_related_objects(found, *_parts())
    return next(iter(found), None)


@for_each_reader
def _in_sight(person: Person) -> QuerySet[Post, Post]:
    return posts_in_sight(person).filter(pk=Slot("pk", BigIntegerField()))


def valid_approvals(post: Post) -> list[Decision]:
    """Every yes on which its being approved rests, the newest first; none while it is not."""
    return hands_behind(SUBJECT, [post.pk])


def valid_approval(post: Post) -> Decision | None:
    """The last one."""
    return next(iter(valid_approvals(post)), None)


def writable_accounts(person: Person) -> QuerySet[Account]:
    """Accounts that the person may draft for: in sight, not closed, in a unit where they write, of a network on which
    one publishes."""
    units = units_where(person, Permission.POST_WRITE)
    return (
        visible_accounts(person)
        .filter(unit__in=units, network__in=publishing_networks())
        .exclude(state__in=[AccountState.CLOSING, AccountState.ARCHIVED])
        .select_related("unit")
        .order_by("network", "handle")
    )


def publishing_networks() -> list[str]:
    """Catalogue keys of the networks that messages can be sent to."""
    return [key for key, network in NETWORKS.items() if network.capabilities.publishes]


def capabilities_of(accounts: Iterable[Account]) -> list[Capabilities]:
    """What the accounts' networks can, each network once."""
    return [NETWORKS[key].capabilities for key in {one.network for one in accounts} if key in NETWORKS]


def deliveries_by_post(posts: Iterable[Post]) -> dict[int, list[Delivery]]:
    """The deliveries of each post, newest first, in one query; posts come with their variants prefetched."""
    owner = {variant.pk: post.pk for post in posts for variant in post.variants.all()}
    found: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in deliveries_of(ORIGIN, owner):
        found[owner[delivery.origin_id]].append(delivery)
    return found


def untouched_by(posts: QuerySet[Post], person: Person) -> QuerySet[Post]:
    """Posts that the person neither wrote nor ever edited."""
    edited = Post.editors.through.objects.filter(post_id=OuterRef("pk"), person_id=person.pk)
    return posts.exclude(author=person).exclude(Exists(edited))
