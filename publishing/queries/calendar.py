"""A month of messages over the days, one day of them, and each account's days without a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Count, DateTimeField, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone

from accounts_registry.enums import AccountState
from accounts_registry.models import Account
from accounts_registry.queries import visible_accounts
from delivery.enums import DeliveryState
from delivery.models import Delivery
from organisation.models import Person, Unit
from organisation.prepared import Prepared, Slot, numbers
from organisation.queries import Keyset, calendar_of, for_each_reader
from organisation.working_time import Closed
from publishing.models import Variant
from publishing.queries.chips import Chip, chips, chips_of, planned
from publishing.queries.posts import ORIGIN

NOTHING_WENT = (DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.EXPIRED)
MOST_A_DAY = 4  # in the month; a day's own page has them all
_BY_TIME = Keyset("post__due_at", size=100, newest_first=False)


@dataclass
class Day:
    """`chips` are the first of its `count` messages."""

    date: date
    in_month: bool
    is_today: bool
    is_closed: bool
    closures: list[Closed] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    count: int = 0
    silent: list[Account] = field(default_factory=list)

    @property
    def is_weekend(self) -> bool:
        return self.date.weekday() >= 5

    @property
    def is_holiday(self) -> bool:
        """A day off other than a weekend or a closure of the service's own."""
        return self.is_closed and not self.is_weekend and not self.closures

    @property
    def more(self) -> int:
        """How many do not stand in the month."""
        return max(0, self.count - len(self.chips))


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
        return not any(day.count for day in self.days)


@dataclass(frozen=True)
class DayPage:
    """A day's messages by time, a page of them; `earlier` and `later` are cursors, empty where there is no more.

    `closures`: of the unit looked at, or of the reader's own.
    """

    on: date
    closures: list[Closed]
    chips: list[Chip]
    earlier: str
    later: str

    @property
    def day_before(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def day_after(self) -> date:
        return self.on + timedelta(days=1)


def month_of(person: Person, first: date, *, unit: Unit | None = None) -> Month:
    """The month that starts on `first`, in the reader's own time zone. Always the same number of queries, and no more
    than `MOST_A_DAY` messages a day are read, however many there are.

    `unit` narrows posts and accounts to it and all below.
    """
    below = unit.path if unit is not None else ""
    weeks = _weeks(first, unit or person.unit)
    begin, end = _midnight(weeks[0][0].date), _midnight(weeks[-1][-1].date + timedelta(days=1))
    first_ones = _first_of_days(person, below, timezone.get_current_timezone_name(), begin=begin, end=end)
    _place(person, first_ones, {day.date: day for week in weeks for day in week})
    speaking = _speaking(person, below)
    sounds = _sounds(speaking, begin, end)
    return Month(first, weeks, [_silence(account, weeks, sounds) for account in speaking])


def day_of(person: Person, day: date, *, unit: Unit | None = None, cursor: str = "") -> DayPage:
    """The page at `cursor` of what goes out on `day`, in the reader's own time zone; `unit` narrows as in the month."""
    below = unit.path if unit is not None else ""
    variants = planned(person, _midnight(day), _midnight(day + timedelta(days=1)), below=below)
    page = _BY_TIME.page(variants.select_related("post__unit", "account"), cursor)
    closures = calendar_of(unit or person.unit).closed_on(day)
    return DayPage(day, closures, chips(person, page.rows), page.previous, page.next)


@for_each_reader
def _speaking(person: Person, below: str) -> QuerySet[Account, Account]:
    active = visible_accounts(person).select_related(None).filter(state=AccountState.ACTIVE)
    return (active.filter(unit__path__startswith=below) if below else active).order_by("network", "handle")


@for_each_reader
def _first_of_days(person: Person, below: str, _zone: str) -> QuerySet[Variant, tuple[int, date, int]]:
    """Of each day in the zone that is the current one, the first variants, with how many there are on it."""
    begin, end = Slot("begin", DateTimeField()), Slot("end", DateTimeField())
    ranked = planned(person, begin, end, below=below).annotate(
        day=TruncDate("post__due_at"),
        place=Window(RowNumber(), [F("day")], [F("post__due_at"), F("pk")]),
        count=Window(Count("pk"), [F("day")]),
    )
    return ranked.filter(place__lte=MOST_A_DAY).order_by().values_list("pk", "day", "count")


def _place(person: Person, first: list[tuple[int, date, int]], days: dict[date, Day]) -> None:
    """Puts each day's first chips on it, and counts the rest. What was moved since `first` was read stands on its new
    day, or is left out where that is not among `days`."""
    for _pk, day, count in first:
        days[day].count = count
    for chip in chips_of(person, [pk for pk, _day, _count in first]):
        if (found := days.get(chip.at.date())) is not None:
            found.chips.append(chip)


def _sounds(accounts: Iterable[Account], begin: datetime, end: datetime) -> dict[int, set[date]]:
    """By account, the days on which a post goes or went out."""
    sounds: dict[int, set[date]] = defaultdict(set)
    asked = _days_with_a_message(timezone.get_current_timezone_name())
    for account, day in asked(accounts=numbers(account.pk for account in accounts), begin=begin, end=end):
        sounds[account].add(day)
    return sounds


@cache
def _days_with_a_message(_zone: str) -> Prepared[Delivery, tuple[int, date]]:
    """Of each of these accounts, in the zone that is the current one."""
    goes = Delivery.objects.filter(origin_kind=ORIGIN, account__in=Slot("accounts", BigIntegerField()))
    goes = goes.filter(due_at__gte=Slot("begin", DateTimeField()), due_at__lt=Slot("end", DateTimeField()))
    goes = goes.exclude(state__in=NOTHING_WENT).order_by()
    return Prepared(goes.values_list("account_id", TruncDate("due_at")).distinct())


def _silence(account: Account, weeks: list[list[Day]], sounds: dict[int, set[date]]) -> Silence:
    since = timezone.localtime(account.created_at).date()
    silent = []
    for day in (day for week in weeks for day in week):
        if day.in_month and day.date >= since and day.date not in sounds.get(account.pk, set()):
            day.silent.append(account)
            silent.append(day.date)
    return Silence(account, silent)


def _weeks(first: date, unit: Unit) -> list[list[Day]]:
    calendar, today = calendar_of(unit), timezone.localdate()
    begin, last = first - timedelta(days=first.weekday()), _next_month(first) - timedelta(days=1)
    count = ((last - begin).days // 7 + 1) * 7
    dates = [begin + timedelta(days=offset) for offset in range(count)]
    days = [
        Day(one, one.month == first.month, one == today, not calendar.is_working_day(one), calendar.closed_on(one))
        for one in dates
    ]
    return [days[at : at + 7] for at in range(0, count, 7)]


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _midnight(day: date) -> datetime:
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return datetime.combine(day, time(), zone)
