"""A month of posts over the days, and each account's days without a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise

from accounts_registry.enums import AccountState
from accounts_registry.models import Account
from accounts_registry.queries import visible_accounts
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries import frozen_among
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries.units import reach
from publishing.enums import CLOSED, PostState
from publishing.models import Post, Variant
from publishing.queries.posts import deliveries_by_post, visible_posts, whole
from publishing.queries.progress import HELD, progress

NOTHING_WENT = (DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.EXPIRED)
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
    is_movable: bool

    @property
    def is_frozen(self) -> bool:
        """A freeze over it or its account keeps it from going out."""
        return self.state == HELD

    @property
    def url(self) -> str:
        return self.post.get_absolute_url()


@dataclass
class Day:
    date: date
    in_month: bool
    is_today: bool
    is_closed: bool
    chips: list[Chip] = field(default_factory=list)
    silent: list[Account] = field(default_factory=list)

    @property
    def is_weekend(self) -> bool:
        return self.date.weekday() >= 5

    @property
    def is_holiday(self) -> bool:
        """A day off other than a weekend."""
        return self.is_closed and not self.is_weekend


@dataclass(frozen=True)
class Silence:
    """An account with its days of the month without a message."""

    account: Account
    days: list[date]


@dataclass(frozen=True)
class Month:
    """`weeks` are whole, from Monday; `silences` holds one entry an account, also for those that never fall silent."""

    first: date
    weeks: list[list[Day]]
    silences: list[Silence]

    @property
    def previous(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> date:
        return _next_month(self.first)

    @property
    def days(self) -> list[Day]:
        return [day for week in self.weeks for day in week if day.in_month]

    @property
    def is_empty(self) -> bool:
        return not any(day.chips for day in self.days)


def month_of(person: Person, first: date, *, unit: Unit | None = None) -> Month:
    """The month that starts on `first`, in the reader's own time zone. Always the same number of queries.

    `unit` narrows posts and accounts to it and all below.
    """
    accounts = visible_accounts(person).filter(state=AccountState.ACTIVE)
    posts = whole(visible_posts(person)).exclude(state__in=CLOSED)
    if unit is not None:
        accounts = accounts.filter(unit__path__startswith=unit.path)
        posts = posts.filter(unit__path__startswith=unit.path)
    weeks = _weeks(first, person.unit)
    begin, end = weeks[0][0].date, weeks[-1][-1].date + timedelta(days=1)
    shown = list(posts.filter(due_at__gte=_midnight(begin), due_at__lt=_midnight(end)).order_by("due_at", "pk"))
    reached = tuple(reach(person, Permission.POST_SCHEDULE))
    sounds = _place(shown, {day.date: day for week in weeks for day in week}, reached)
    silences = [_silence(account, weeks, sounds) for account in accounts.order_by("network", "handle")]
    return Month(first, weeks, silences)


def _place(posts: Iterable[Post], days: dict[date, Day], reached: tuple[str, ...]) -> dict[int, set[date]]:
    """Puts the chips on their days; returns by account on which days something goes out.

    `reached`: paths of the units in which the reader schedules.
    """
    posts = list(posts)
    deliveries = deliveries_by_post(posts)
    frozen = frozen_among(one for own in deliveries.values() for one in own)
    sounds: dict[int, set[date]] = defaultdict(set)
    for post in posts:
        assert post.due_at is not None
        day = timezone.localtime(post.due_at).date()
        own = deliveries.get(post.pk, [])
        for variant in post.variants.all():
            variant.post = post
            newest = next((one for one in own if one.origin_id == variant.pk), None)
            days[day].chips.append(
                _chip(post, variant, newest, reached, held=newest is not None and newest.pk in frozen)
            )
            if post.state == PostState.SCHEDULED and newest is not None and newest.state not in NOTHING_WENT:
                sounds[variant.account_id].add(day)
    return sounds


def _chip(post: Post, variant: Variant, delivery: Delivery | None, reached: tuple[str, ...], *, held: bool) -> Chip:
    assert post.due_at is not None
    told = progress(post, [delivery] if delivery else [], held=held)
    words = " ".join(variant.said.split()) or post.title
    text = words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"
    movable = told.state in (PostState.SCHEDULED, HELD) and post.unit.path.startswith(reached)
    at = timezone.localtime(post.due_at)
    return Chip(at, variant.language, told.state, told.label, variant.account, text, post, movable)


def _silence(account: Account, weeks: list[list[Day]], sounds: dict[int, set[date]]) -> Silence:
    since = timezone.localtime(account.created_at).date()
    silent = []
    for day in (day for week in weeks for day in week):
        if day.in_month and day.date >= since and day.date not in sounds.get(account.pk, set()):
            day.silent.append(account)
            silent.append(day.date)
    return Silence(account, silent)


def _weeks(first: date, unit: Unit) -> list[list[Day]]:
    calendar, today = unit.calendar, timezone.localdate()
    begin, last = first - timedelta(days=first.weekday()), _next_month(first) - timedelta(days=1)
    count = ((last - begin).days // 7 + 1) * 7
    dates = [begin + timedelta(days=offset) for offset in range(count)]
    days = [Day(one, one.month == first.month, one == today, not calendar.is_working_day(one)) for one in dates]
    return [days[at : at + 7] for at in range(0, count, 7)]


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _midnight(day: date) -> datetime:
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return datetime.combine(day, time(), zone)
