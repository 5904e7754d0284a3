"""What the calendar shows of one message: a variant on its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts_registry.models import Account
from delivery.models import Delivery
from delivery.queries import frozen_among
from organisation.enums import Permission
from organisation.models import Person
from organisation.prepared import Prepared, Slot, numbers
from organisation.queries import within
from organisation.queries.units import reach
from publishing.enums import CLOSED, PostState
from publishing.models import Post, Variant
from publishing.queries.posts import ORIGIN
from publishing.queries.progress import HELD, progress

FIRST_WORDS = 60


@dataclass(frozen=True)
class Chip:
    """One variant on its day."""

    at: datetime
    language: str
    state: str
    state_label: str | Promise
    account: Account
    text: str
    post: Post
    url: str
    move_url: str  # empty where it stays where it is

    @property
    def is_frozen(self) -> bool:
        """A freeze over it or its account keeps it from going out."""
        return self.state == HELD

    @property
    def network(self) -> str:
        return self.account.network


def planned(person: Person, begin: datetime | Slot, end: datetime | Slot, *, below: str = "") -> QuerySet[Variant]:
    """Variants in sight, of posts that are planned from `begin` on and before `end`, and not withdrawn or refused.

    `below` is the path of a unit, and narrows to it and all below.
    """
    variants = Variant.objects.filter(within(person, Permission.POST_VIEW, field="post__unit"))
    if below:
        variants = variants.filter(post__unit__path__startswith=below)
    return variants.filter(post__due_at__gte=begin, post__due_at__lt=end).exclude(post__state__in=CLOSED)


def chips_of(person: Person, variants: Iterable[int]) -> list[Chip]:
    """The chips of the variants of these keys, by time. Three queries, however many they are."""
    return chips(person, _with_what_chips_show()(ids=numbers(variants)))


@cache
def _with_what_chips_show() -> Prepared[Variant, Variant]:
    """A hundred of them: nothing is read that no chip shows. A post may have lost its time since it was found."""
    post = ("title", "core_text", "language", "due_at", "state", "unit__path")
    shown = ("language", "text", "account__network", *(f"post__{name}" for name in post))
    found = Variant.objects.filter(pk__in=Slot("ids", BigIntegerField()), post__due_at__isnull=False)
    found = found.select_related("post__unit", "account")
    return Prepared(found.only(*shown).order_by("post__due_at", "pk"))


@cache
def _newest_deliveries() -> Prepared[Delivery, Delivery]:
    """Of these variants, with how they stand."""
    told = Delivery.objects.filter(origin_kind=ORIGIN, origin_id__in=Slot("ids", BigIntegerField()))
    return Prepared(told.only("origin_id", "state", "lacks").order_by("-pk"))


def chips(person: Person, variants: Sequence[Variant]) -> list[Chip]:
    """`variants` come with post, its unit and their account at hand, and in their order they stay."""
    newest: dict[int, Delivery] = {}
    for delivery in _newest_deliveries()(ids=numbers(variant.pk for variant in variants)):
        newest.setdefault(delivery.origin_id, delivery)
    frozen = frozen_among(newest.values())
    reached = tuple(reach(person, Permission.POST_SCHEDULE))
    ways = _way("publishing:post_detail"), _way("publishing:move")
    return [_chip(variant, newest.get(variant.pk), frozen, reached, ways) for variant in variants]


def _way(view: str) -> str:
    """The address of any post's `view`, with a place for its key: asked for once, not for each of a hundred chips."""
    return reverse(view, args=[0]).replace("/0/", "/%d/")


def _chip(
    variant: Variant, delivery: Delivery | None, frozen: set[int], reached: tuple[str, ...], ways: tuple[str, str]
) -> Chip:
    """`reached`: paths of the units in which the reader schedules; `ways`: to a post, and to its new time."""
    post = variant.post
    assert post.due_at is not None
    told = progress(post, [delivery] if delivery else [], held=delivery is not None and delivery.pk in frozen)
    words = " ".join(variant.said.split()) or post.title
    text = words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"
    movable = told.state in (PostState.SCHEDULED, HELD) and post.unit.path.startswith(reached)
    at = timezone.localtime(post.due_at)
    url, move_url = (way % post.pk for way in ways)
    return Chip(
        at, variant.language, told.state, told.label, variant.account, text, post, url, move_url if movable else ""
    )
